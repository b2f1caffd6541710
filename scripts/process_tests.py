#!/usr/bin/env python3
"""Run the tests that kill Odoo, cut its connections and restart its database; arguments are pytest's.

Without arguments it is their short form.

They have a PostgreSQL server of their own, since they break it. AMAZON_KILLS says how often to kill (10), AMAZON_SEED
where (1).
"""

import json
import os
import subprocess
import sys

import databases
import odoo_process
import odoo_source
import postgres
import python_environment
from console import main, say
from folders import ADDON, ADDONS, REPOSITORY, WORK, link_addon
from run_tests import PROCESSES

# Nothing that is committed may be lost when the server is killed; the machine itself does not fail here.
SETTINGS = "synchronous_commit = on\nmax_connections = 60\nshared_buffers = 128MB\n"


def run():
    python_environment.enter()
    link_addon()
    odoo = odoo_source.find()
    say(f"Using {odoo}.")
    postgres.start()
    source = databases.prepare(odoo, "processes")
    first = {name: os.environ[name] for name in ("PGHOST", "PGPORT", "PGUSER") if name in os.environ}
    home = postgres.start_separate(f"postgres-processes-{databases.short(odoo, REPOSITORY)}", SETTINGS)
    try:
        databases.bring_over(home, first, source)
        return pytest(odoo, source, home)
    finally:
        postgres.control(home, "stop", "-m", "immediate")


def pytest(odoo, database, home):
    """Run pytest without Odoo's plugin: the tests are outside of Odoo; its exit status."""
    facts = {"database": database, "folder": str(WORK / "processes" / odoo.series), "server": str(home)}
    environment = odoo_process.environment(odoo, REPOSITORY / "scripts")
    environment["AMAZON_PROCESSES"] = json.dumps(facts)
    addon = ADDONS / ADDON
    arguments = sys.argv[1:] or ["-m", "not long", PROCESSES]
    options = ["-p", "no:odoo", f"--rootdir={addon / 'tests'}", f"--confcutdir={addon / PROCESSES}"]
    command = [sys.executable, "-m", "pytest", "-c", str(addon / "pytest.ini"), *options, *arguments]
    return subprocess.run(command, cwd=addon, env=environment, check=False).returncode


if __name__ == "__main__":
    main(run)
