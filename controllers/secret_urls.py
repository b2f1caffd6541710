"""Keep what Amazon puts into an address out of the log: the web server logs each address it is asked for."""

import logging

# As it stands in an address, and as it stands in the address of Odoo's login page.
MARKS = ("/amazon/oauth/", "%2Famazon%2Foauth%2F")


class SecretUrls(logging.Filter):
    """Shorten the log line of a request that carries an authorization code or a state."""

    def filter(self, record):
        message = record.getMessage()
        if any(mark in message for mark in MARKS):
            address, _, rest = message.partition("?")
            record.msg = f"{address}?(hidden) HTTP/{rest.rpartition(' HTTP/')[2]}" if rest else address
            record.args = ()
        return True


def hide_secret_urls():
    """Have the web server's logger shorten those lines; done once per process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, SecretUrls) for known in logger.filters):
        logger.addFilter(SecretUrls())
