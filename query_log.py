"""Keep the words of buyers out of Odoo's log of failed queries.

Odoo logs each query that the database refuses, with its values. Where several workers share the inbox refusals are
usual, and the values are names and addresses.
"""

import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar

_is_hiding = ContextVar("is_hiding", default=False)
_STATEMENT = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?\w+')


class FailedQueries(logging.Filter):
    """Leave of a failed query its statement, its table and the kind of error."""

    def filter(self, record):
        if _is_hiding.get() and str(record.msg).startswith("bad query"):
            query, error = record.args
            text = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
            statement = _STATEMENT.match(text)
            record.msg = "A query failed (values hidden): %s: %s"
            record.args = (statement.group().strip() if statement else "SELECT", type(error).__name__)
        return True


logging.getLogger("odoo.sql_db").addFilter(FailedQueries())


@contextmanager
def values_of_failed_queries_hidden():
    """Around work with personal data; in this thread only. Also a decorator."""
    token = _is_hiding.set(True)
    try:
        yield
    finally:
        _is_hiding.reset(token)
