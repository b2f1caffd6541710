"""What happens to a process in the middle of its work.

Every statement, commit and call to Amazon is an event. At one of them, chosen by its number, something happens: the
process is killed, its connections are cut, the database restarts.
"""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter

import httpx
import psycopg2
import requests

from odoo import sql_db


class Events:
    """Counts what the process does; acts when the count of a kind of events is reached.

    :param dict wish: {"at": number or list, "kind": "any" | "border", "action": name of a function below}; border
        events are those around commits and calls to Amazon. With "armed_by" they count from that signal on.
    """

    def __init__(self, wish, notes):
        self._wish = wish or {}
        self._notes = notes
        self._lock = threading.Lock()
        self.counts = Counter()
        self.is_acting = "armed_by" in self._wish
        if self.is_acting:
            signal.signal(self._wish["armed_by"], self._arm)

    def note(self, name, is_border=False):
        """An event happens now."""
        if self.is_acting:
            return
        with self._lock:
            self.counts["any"] += 1
            self.counts["border"] += is_border
            kind = self._wish.get("kind", "any")
            is_due = self.counts[kind] in self._due() and (is_border or kind == "any")
        if is_due:
            self._act(name)

    def _arm(self, *_signal):
        with self._notes.open("a") as file:
            file.write(json.dumps({"armed": True}) + "\n")
        self.is_acting = False

    def _due(self):
        at = self._wish.get("at", ())
        return at if isinstance(at, list) else [at]

    def _act(self, name):
        with self._notes.open("a") as file:
            file.write(json.dumps({"interrupted": name, **self.counts}) + "\n")
        self.is_acting = True
        try:
            ACTIONS[self._wish["action"]](**self._wish.get("options", {}))
        finally:
            self.is_acting = False

    def summary(self):
        """How many events there were."""
        return dict(self.counts)


def kill():
    """What the power cut, the out-of-memory killer and Odoo's own watchdog do."""
    os.kill(os.getpid(), signal.SIGKILL)


def cut_connections(database):
    """The database server ends the connections of this process."""
    with other_connection("postgres") as cr:
        cr.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid != pg_backend_pid()",
            [database],
        )
    time.sleep(0.05)


def run(command, **options):
    """Run a command, such as the one that restarts PostgreSQL."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **options)


def touch(database, tables):
    """Another user changes and commits the same rows: what this transaction writes of them cannot be serialized."""
    with other_connection(database) as cr:
        cr.execute("SET lock_timeout = '20ms'")
        for table in tables:
            # Rows that this transaction has locked already are left alone; waiting for them would be waiting for us.
            with contextlib.suppress(psycopg2.errors.LockNotAvailable):
                cr.execute(
                    f"UPDATE {table} SET write_date = write_date"  # noqa: S608
                    f" WHERE id IN (SELECT id FROM {table} FOR NO KEY UPDATE SKIP LOCKED)"
                )


def hold_tables(database, tables, seconds):
    """Another session locks tables for a time; with lock_timeout set, what wants to write there gives up."""
    connection = psycopg2.connect(dbname=database)
    with contextlib.suppress(psycopg2.errors.LockNotAvailable), connection.cursor() as cr:
        cr.execute("SET lock_timeout = '20ms'")
        for table in tables:
            cr.execute(f"LOCK TABLE {table} IN SHARE MODE")
    threading.Timer(seconds, connection.close).start()


ACTIONS = {
    "kill": kill,
    "cut_connections": cut_connections,
    "run": run,
    "touch": touch,
    "hold_tables": hold_tables,
}


@contextlib.contextmanager
def other_connection(database):
    """A cursor on a connection that is not Odoo's."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            yield cr
    finally:
        connection.close()


def watch(wish, notes):
    """Count the events of this process from now on, and act as wished."""
    events = Events(wish, notes)
    _watch_database(events)
    _watch_calls(events, httpx.Client, "send", lambda request: request.url.path)
    _watch_calls(events, requests.Session, "send", lambda request: request.path_url.partition("?")[0])
    return events


def _watch_database(events):
    execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

    def watched_execute(self, query, *arguments, **options):
        events.note("statement")
        return execute(self, query, *arguments, **options)

    def watched_commit(self):
        events.note("before commit", is_border=True)
        result = commit(self)
        events.note("after commit", is_border=True)
        return result

    sql_db.Cursor.execute, sql_db.Cursor.commit = watched_execute, watched_commit


def _watch_calls(events, owner, method, path_of):
    send = getattr(owner, method)

    def watched_send(self, request, *arguments, **options):
        path = path_of(request)
        events.note(f"before {request.method} {path}", is_border=True)
        response = send(self, request, *arguments, **options)
        events.note(f"after {request.method} {path}", is_border=True)
        return response

    setattr(owner, method, watched_send)
