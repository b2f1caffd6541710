"""The query parameters of an operation, declared as data, and their strict reading."""

from dataclasses import dataclass

from .answers import invalid_input
from .clock import to_moment


@dataclass(frozen=True)
class Parameter:
    """One declared parameter.

    ``kind`` is string, boolean, integer, date-time or csv (a comma separated list). ``allowed`` holds the only
    values that are known, where Amazon's model lists them.
    """

    kind: str = "string"
    allowed: tuple = ()
    minimum: int = 0
    maximum: int = 0
    max_items: int = 0
    required: bool = False

    def read(self, name, text):
        """The typed value of ``text``; refuses what the declaration does not allow."""
        if not text:
            raise invalid_input(f"The parameter {name} is empty.")
        return getattr(self, "_read_" + self.kind.replace("-", "_"))(name, text)

    def _read_string(self, name, text):
        if self.allowed and text not in self.allowed:
            raise invalid_input(f"{name} has a value that is not allowed: {text}")
        return text

    def _read_boolean(self, name, text):
        if text not in ("true", "false"):
            raise invalid_input(f"{name} must be true or false.")
        return text == "true"

    def _read_integer(self, name, text):
        if not (text.isascii() and text.isdigit() and self.minimum <= int(text) <= self.maximum):
            raise invalid_input(f"{name} must be a whole number from {self.minimum} to {self.maximum}.")
        return int(text)

    def _read_date_time(self, name, text):
        try:
            return to_moment(text)
        except ValueError:
            raise invalid_input(f"{name} must be a date and time in ISO 8601 format.") from None

    def _read_csv(self, name, text):
        values = text.split(",")
        unknown = [value for value in values if not value or (self.allowed and value not in self.allowed)]
        if unknown:
            raise invalid_input(f"{name} has a value that is not allowed: {unknown[0]}")
        if self.max_items and len(values) > self.max_items:
            raise invalid_input(f"{name} takes at most {self.max_items} values.")
        return values


def read_query(parameters, arguments):
    """The typed query of a request.

    :param parameters: name -> Parameter
    :param arguments: the request's MultiDict
    :return: name -> value, for the parameters that were given
    """
    for name, values in arguments.lists():
        if name not in parameters:
            raise invalid_input(f"The parameter {name} is not known to this operation.")
        if len(values) > 1:
            raise invalid_input(f"The parameter {name} is given more than once.")
    for name, parameter in parameters.items():
        if parameter.required and name not in arguments:
            raise invalid_input(f"The parameter {name} is missing.")
    return {name: parameters[name].read(name, text) for name, text in arguments.items()}
