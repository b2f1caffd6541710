"""Keep what Amazon puts into an address out of the log: the web server logs each address it is asked for."""

import logging
from urllib.parse import unquote

MARK = "/amazon/oauth/"


class SecretUrls(logging.Filter):
    """Shorten the log line of a request that carries an authorization code or a state."""

    def filter(self, record):
        message = record.getMessage()
        # Login pages carry the address in theirs, those of other sites do so once more.
        if MARK in unquote(unquote(message)):
            address, _, rest = message.partition("?")
            record.msg = f"{address}?(hidden) HTTP/{rest.rpartition(' HTTP/')[2]}" if rest else address
            record.args = ()
        return True


def hide_secret_urls():
    """Have the web server's logger shorten those lines; done once per process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, SecretUrls) for known in logger.filters):
        logger.addFilter(SecretUrls())
