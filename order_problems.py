"""Why an Amazon order does not become a sales order: stable codes, and words for a salesperson."""


class OrderProblem(Exception):
    """The order needs a person: it stays in the inbox as failed, with this code and message."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code = code
        self.message = message


class OrderIgnored(OrderProblem):
    """The order is rightly not imported: it stays in the inbox as ignored, with this code and message."""
