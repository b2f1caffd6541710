"""What the simulated Amazon answers with."""

import json

from werkzeug.wrappers import Response

DENIED = "Access to requested resource is denied."


class Refusal(Exception):
    """A request that Amazon would refuse, with the error that it would give."""

    def __init__(self, status, code, message, details=""):
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details

    def response(self):
        """The refusal as an answer of the Selling Partner API."""
        return error_answer(self.status, self.code, self.message, self.details)


def json_answer(body, status=200):
    """``body`` as JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json")


def empty_answer(status=204):
    """An answer without a body."""
    response = Response(status=status)
    response.headers.pop("Content-Type", None)
    return response


def error_answer(status, code, message, details=""):
    """An error of the Selling Partner API."""
    return json_answer({"errors": [{"code": code, "message": message, "details": details}]}, status)


def invalid_input(details, message="Invalid Input"):
    """The refusal of a request with bad parameters."""
    return Refusal(400, "InvalidInput", message, details)


def denied(details=""):
    """The refusal of a request that lacks a valid token or a role."""
    return Refusal(403, "Unauthorized", DENIED, details)
