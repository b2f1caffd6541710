#!/usr/bin/env python3
"""Run Odoo's own command on a development database with the addon: `odoo_run.py shell`, `odoo_run.py server`.

AMAZON_TEST_DB names the database, as for run_tests.py, and so shares it; more arguments go to Odoo.
"""

import os
import sys

import databases
import odoo_process
import odoo_source
import postgres
import python_environment
from console import main, say
from folders import link_addon


def run():
    python_environment.enter()
    link_addon()
    odoo = odoo_source.find()
    postgres.start()
    database = databases.prepare(odoo, f"test_{os.environ.get('AMAZON_TEST_DB') or 'shell'}")
    say(f"Using {odoo}, database {database}.")
    words = sys.argv[1:] or ["server"]
    command = odoo_process.command(odoo, *words, "-d", database, f"--db-filter=^{database}$")
    os.execve(command[0], command, odoo_process.environment(odoo))


if __name__ == "__main__":
    main(run)
