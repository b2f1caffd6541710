#!/usr/bin/env python3
"""Run the test suite with pytest-odoo; arguments are pytest's (paths relative to the repository).

AMAZON_TEST_DB names the database to use, so that several runs can go on side by side; it is kept and updated
from run to run (AMAZON_TEST_FRESH=1 starts it over). Without it the suite gets one that is dropped at the end.
AMAZON_TEST_APPS installs further apps first, such as sale_mrp.
"""

import os
import subprocess
import sys

import browser
import databases
import oca_addons
import odoo_process
import odoo_source
import postgres
import python_environment
from console import main, say
from folders import ADDON, ADDONS, REPOSITORY, link_addon

PLUGINS = REPOSITORY / "scripts" / "pytest_plugins"
PROCESSES = "tests/processes"  # run by process_tests.py: they start Odoo themselves
PURE = ("tests/spapi", "tests/simulator")  # tests that need no Odoo


def run():
    python_environment.enter()
    arguments = sys.argv[1:] or ["tests"]
    addon = link_addon()
    if is_pure(arguments):
        return pytest(addon, pure_options(addon), arguments, os.environ)
    odoo = odoo_source.find()
    say(f"Using {odoo}.")
    if oca_addons.wanted(databases.MORE_APPS):
        os.environ[odoo_process.MORE_ADDONS] = str(oca_addons.install(odoo, databases.MORE_APPS))
    postgres.start()
    name = os.environ.get("AMAZON_TEST_DB")
    fresh = not name or bool(os.environ.get("AMAZON_TEST_FRESH"))
    database = databases.prepare(odoo, f"test_{name or 'suite'}", fresh=fresh)
    browser.ensure()
    try:
        return pytest(addon, odoo_options(odoo, database), arguments, odoo_process.environment(odoo, PLUGINS))
    finally:
        if not name:
            databases.drop(database)


def pytest(addon, options, arguments, environment):
    """Run pytest in the addon's folder; its exit status."""
    command = [sys.executable, "-m", "pytest", "-c", str(addon / "pytest.ini"), *options, *arguments]
    return subprocess.run(command, cwd=addon, env=environment, check=False).returncode


def odoo_options(odoo, database):
    """Options of the plugin pytest-odoo."""
    extra = [*odoo_process.options(odoo), "--max-cron-threads=0", "--log-handler=odoo.tests.common:CRITICAL"]
    options = [f"--odoo-extra={option.removeprefix('--')}" for option in extra]
    options += [f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=warn", f"--ignore={PROCESSES}"]
    if sys.version_info < (3, 11):
        options += ["-p", "python_310"]
    if browser.in_ci():
        options += ["-p", "no_skipped_tours"]
    return [*options, f"--rootdir={ADDONS / ADDON}"]


def is_pure(arguments):
    """Whether only tests were named that need no Odoo."""
    named = [word for word in arguments if word.startswith("tests")]
    return bool(named) and all(word.startswith(PURE) for word in named)


def pure_options(addon):
    """Options for tests that need no Odoo; the packages above them, which do, are out of pytest's sight."""
    return ["-p", "no:odoo", f"--rootdir={addon / 'tests'}", f"--confcutdir={addon / 'tests' / 'spapi'}"]


if __name__ == "__main__":
    main(run)
