#!/usr/bin/env python3
"""Check the code with ruff, and the addon with pylint-odoo."""

import os
import subprocess
import sys
from pathlib import Path

import python_environment
from console import Failure, main, say
from folders import ADDON, ADDONS, REPOSITORY, link_addon

# Plain Python, where rules about Odoo's models would be mistaken.
NOT_ODOO = ("spapi", "simulator", "scripts", "bench", "tests/spapi", "tests/simulator", "tests/processes")


def run():
    python_environment.enter()
    say("==> ruff")
    ruff = tool("ruff", ["check", "."], REPOSITORY)
    say("==> pylint-odoo")
    link_addon()
    pylint = tool("pylint", [f"--rcfile={REPOSITORY / '.pylintrc'}", *odoo_files()], ADDONS)
    if ruff or pylint:
        raise Failure("The linters found something.")
    say("Nothing to complain of.")


def tool(name, arguments, folder):
    """Run a tool of the virtual environment; its exit status."""
    program = Path(sys.executable).with_name(name)
    return subprocess.run([str(program), *arguments], cwd=folder, check=False).returncode


def odoo_files():
    """The addon's Python files, each named, because pylint does not follow the links to their folders."""
    excluded = {ADDONS / ADDON / name for name in NOT_ODOO}
    found = []
    for folder, folders, files in os.walk(ADDONS / ADDON, followlinks=True):
        folders[:] = [name for name in sorted(folders) if Path(folder, name) not in excluded]
        found += [str(Path(folder, name).relative_to(ADDONS)) for name in sorted(files) if name.endswith(".py")]
    return found


if __name__ == "__main__":
    main(run)
