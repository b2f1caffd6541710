#!/usr/bin/env python3
"""Check that the addon installs, updates and uninstalls without a word of its own in Odoo's log."""

import re
import subprocess
import sys

import databases
import odoo_process
import odoo_source
import postgres
import python_environment
from console import Failure, main, say, show_end, step
from folders import ADDON, LOGS, link_addon

UNINSTALL = f"""
module = env["ir.module.module"].search([("name", "=", "{ADDON}")])
module.button_immediate_uninstall()
assert module.state == "uninstalled", module.state
left = env["ir.model.data"].search([("module", "=", "{ADDON}")]).mapped("name")
assert not left, f"left behind by {ADDON}: {{left}}"
models = env["ir.model"].search([("model", "=like", "amazon.%")]).mapped("model")
assert not models, f"models left behind: {{models}}"
"""
# A line that starts a record of Odoo's log; what follows it until the next one belongs to it.
RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ", re.MULTILINE)


def run():
    python_environment.enter()
    link_addon()
    odoo = odoo_source.find()
    say(f"Using {odoo}.")
    postgres.start()
    database = databases.checkout_name(odoo, "check")
    databases.copy(databases.template(odoo), database)
    complaints = []
    try:
        for name, action in (("install", install), ("update", update), ("uninstall", uninstall)):
            log = LOGS / f"check-{name}-{odoo.series}.log"
            with step(f"Checking the {name}"):
                action(odoo, database, log)
            complaints += [f"{name}: {record}" for record in read_complaints(log)]
    finally:
        databases.drop(database)
    if complaints:
        print("".join(complaints), file=sys.stderr)
        raise Failure("Odoo's log complains of the addon: see the messages above.")
    say("The addon installs, updates and uninstalls cleanly.")


def install(odoo, database, log):
    odoo_process.install(odoo, database, ADDON, log=log)


def update(odoo, database, log):
    odoo_process.install(odoo, database, ADDON, update=True, log=log)


def uninstall(odoo, database, log):
    """Uninstall the addon as the Apps menu does, and check that nothing of it is left."""
    command = odoo_process.command(odoo, "shell", "-d", database, "--no-http", "--max-cron-threads=0")
    with log.open("w") as output:
        done = subprocess.run(
            command,
            input=UNINSTALL,
            text=True,
            env=odoo_process.environment(odoo),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode or "Traceback" in log.read_text():
        show_end(log)
        raise Failure("The addon does not uninstall cleanly.")


def read_complaints(log):
    """The records of a log that are at least a warning and concern the addon."""
    text = log.read_text(errors="replace")
    starts = [match.start() for match in RECORD.finditer(text)] + [len(text)]
    records = [text[start:end] for start, end in zip(starts, starts[1:], strict=False)]
    return [record for record in records if concerns_addon(record)]


def concerns_addon(record):
    """Whether a record of the log is at least a warning, and from the addon or about it."""
    level = RECORD.match(record)["level"]
    without_database = re.sub(rf"\b{databases.PREFIX}_check_\w+", "", record)
    return level in ("WARNING", "ERROR", "CRITICAL") and "amazon" in without_database.lower()


if __name__ == "__main__":
    main(run)
