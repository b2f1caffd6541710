"""Running Odoo's own command in the virtual environment."""

import os
import subprocess
import sys
from pathlib import Path

from console import Failure, show_end
from folders import ADDONS, ODOO_DATA

MORE_ADDONS = "AMAZON_MORE_ADDONS"  # further folders of addons


def environment(odoo, *more_paths):
    """Environment variables of a process that imports Odoo, and perhaps from more folders."""
    # Packages of addons bring Python modules too, two folders above.
    more_paths = [*more_paths, *(folder.parents[1] for folder in more_addons())]
    paths = os.pathsep.join(map(str, [odoo.path, *more_paths]))
    return {**os.environ, "PYTHONPATH": paths, "TZ": "UTC", "PYTHONWARNINGS": "ignore"}


def more_addons():
    """Further folders of addons, as the environment names them."""
    return [Path(folder) for folder in os.environ.get(MORE_ADDONS, "").split(os.pathsep) if folder]


def options(odoo):
    """Options that every Odoo process gets; the database comes from PGHOST, PGPORT and PGUSER."""
    addons = ",".join(map(str, [*odoo.addons_path, *more_addons(), ADDONS]))
    return [f"--addons-path={addons}", f"--data-dir={ODOO_DATA}", "--http-interface=127.0.0.1"]


def command(odoo, *arguments):
    """Command line of Odoo with the common options after its sub-command, if it has one."""
    words = list(arguments)
    sub = [words.pop(0)] if words and not words[0].startswith("-") else []
    return [sys.executable, "-m", "odoo", *sub, *options(odoo), *words]


def install(odoo, database, modules, *, update=False, demo=False, log):
    """Install (or update) modules in a database and stop; the log goes to a file.

    Shows the end of the log and raises Failure when Odoo gives up.
    """
    words = ["-d", database, "-u" if update else "-i", modules, "--stop-after-init", "--no-http"]
    words += ["--max-cron-threads=0", "--log-level=info"]
    if not demo:
        words += without_demo(odoo)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            command(odoo, *words), env=environment(odoo), stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        verb = "update" if update else "install"
        show_end(log, 40)
        raise Failure(f"Odoo could not {verb} {modules} in the database {database}.")


def without_demo(odoo):
    """Option that leaves Odoo's demo data out; from 19 on that is what Odoo does by itself."""
    return ["--without-demo=all"] if odoo.series < "19" else []
