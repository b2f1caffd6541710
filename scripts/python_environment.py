"""The virtual environment with what Odoo, the addon and the tests need."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from console import Failure, run, say, step
from folders import CACHE, LOGS, REPOSITORY, lock, prepare, require_space

REQUIREMENTS = ("requirements.txt", "requirements-odoo.txt", "requirements-test.txt")
SUPPORTED = ((3, 10), (3, 11), (3, 12))
MEGABYTES = 900
UNUSED_DAYS = 30


def enter():
    """Go on in the virtual environment, which is made first where it is missing."""
    prepare()
    python = environment()
    if Path(sys.prefix) != python.parent.parent:
        arguments = [str(python), *sys.argv]
        os.execv(arguments[0], arguments)


def environment():
    """Path of the environment's Python; one environment per Python series and set of requirements."""
    base = find_python()
    series = "".join(map(str, python_version(base)))
    digest = hashlib.sha256()
    for name in REQUIREMENTS:
        digest.update((REPOSITORY / name).read_bytes())
    folder = CACHE / f"venv-{series}-{digest.hexdigest()[:8]}"
    with lock("venv"):
        if not (folder / "complete").exists():
            remove_unused()
            create(base, folder)
        (folder / "complete").touch()
    return folder / "bin" / "python"


def remove_unused():
    """Remove environments of former requirements that nobody has used for long."""
    for mark in CACHE.glob("venv-*/complete"):
        if time.time() - mark.stat().st_mtime > UNUSED_DAYS * 24 * 3600:
            shutil.rmtree(mark.parent, ignore_errors=True)


def create(base, folder):
    """Make the environment in `folder` with the Python `base`."""
    require_space(CACHE, MEGABYTES)
    shutil.rmtree(folder, ignore_errors=True)
    version = ".".join(map(str, python_version(base)))
    with step(f"Installing the Python packages (Python {version}, about a minute)"):
        run(
            [base, "-m", "venv", str(folder)],
            log=LOGS / "venv.log",
            why="Python cannot make a virtual environment; on Debian and Ubuntu install python3-venv.",
        )
        files = [option for name in REQUIREMENTS for option in ("-r", str(REPOSITORY / name))]
        run(
            [str(folder / "bin" / "pip"), "install", "--disable-pip-version-check", *files],
            log=LOGS / "pip.log",
            why="pip could not install the Python packages; is the network or a package mirror reachable?",
        )


def find_python():
    """A Python that Odoo runs on: this one, else another one on the PATH."""
    names = [sys.executable, "python3", "python3.12", "python3.11", "python3.10"]
    for name in names:
        path = shutil.which(name)
        if path and python_version(path) in SUPPORTED:
            return path
    found = ".".join(map(str, sys.version_info[:2]))
    raise Failure(f"Python 3.10, 3.11 or 3.12 is needed; found {found}.")


def python_version(python):
    """(major, minor) of a Python program; None when it does not run."""
    if Path(python) == Path(sys.executable):
        return sys.version_info[:2]
    code = "import sys; print(*sys.version_info[:2])"
    result = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return tuple(map(int, result.stdout.split())) or None


if __name__ == "__main__":
    prepare()
    say(str(environment()))
