"""Which Odoo the commands run: $ODOO_SRC, a clone of its public repository, or Debian's package."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import odoo_debian
from console import Failure, run, step
from folders import CACHE, LOGS, lock, require_space

REPOSITORY_URL = "https://github.com/odoo/odoo.git"
BRANCH = "18.0"
CLONE = CACHE / f"odoo-{BRANCH}"
DEBIAN = "debian"
MEGABYTES = 3000


@dataclass(frozen=True)
class Odoo:
    """An Odoo tree: its folder on the Python path, its series, and where it comes from."""

    path: Path
    series: str
    origin: str

    @property
    def addons_path(self):
        """Folders with Odoo's own addons; a checkout of Odoo's repository has two."""
        folders = [self.path / "addons", self.path / "odoo" / "addons"]
        return [folder for folder in folders if folder.is_dir()]

    @property
    def identity(self):
        """Tells this Odoo from others, and from itself at another commit."""
        commit = ""
        if shutil.which("git") and (self.path / ".git").exists():
            command = ["git", "-C", str(self.path), "rev-parse", "HEAD"]
            commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return f"{self.path} {commit}".strip()

    def __str__(self):
        return f"Odoo {self.series} ({self.origin})"


def find():
    """The Odoo to use. Raises Failure when none can be had.

    ODOO_SRC is the folder of an Odoo tree, or `debian` for Debian's package even where GitHub answers.
    """
    source = os.environ.get("ODOO_SRC")
    if source and source != DEBIAN:
        return describe(Path(source).expanduser().resolve(), "ODOO_SRC")
    with lock("odoo"):
        if not source and (cloned() or clone_from_github()):
            return describe(CLONE, "a clone of its public repository")
        path = odoo_debian.install()
    return describe(path, "Debian's package")


def several():
    """Values of ODOO_SRC for each Odoo that a thorough check runs on: the one named, a clone, Debian's package."""
    named = os.environ.get("ODOO_SRC")
    with lock("odoo"):
        clone = [str(CLONE)] if cloned() or clone_from_github() else []
    debian = [DEBIAN] if shutil.which("apt-get") else []
    return list(dict.fromkeys([*debian, *clone, *([named] if named else [])]))


def cloned():
    """Whether the cache holds a complete clone."""
    return (CLONE / "odoo" / "release.py").exists() and not CLONE.with_suffix(".part").exists()


def describe(path, origin):
    """The Odoo in a folder; its series is read without importing it."""
    release = path / "odoo" / "release.py"
    if not release.exists():
        raise Failure(f"There is no Odoo in {path}: odoo/release.py is missing.")
    match = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE)
    if not match:
        raise Failure(f"Cannot read the series of the Odoo in {path}.")
    return Odoo(path, ".".join(match.groups()), origin)


def clone_from_github():
    """Clone Odoo where GitHub answers within seconds; False where it does not."""
    if not shutil.which("git") or not github_answers():
        return False
    require_space(CACHE, MEGABYTES)
    part = CLONE.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    with step(f"Cloning Odoo {BRANCH} (several minutes)"):
        run(
            ["git", "clone", "--depth", "1", "--branch", BRANCH, REPOSITORY_URL, str(part)],
            log=LOGS / "odoo-clone.log",
            why="Odoo's repository answered but could not be cloned.",
        )
        part.rename(CLONE)
    return True


def github_answers():
    """Whether Odoo's repository can be reached, asked without a password prompt."""
    command = ["git", "ls-remote", "--heads", REPOSITORY_URL, BRANCH]
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        result = subprocess.run(
            command, env=quiet, timeout=10, check=False, stdin=subprocess.DEVNULL, capture_output=True
        )
    except subprocess.TimeoutExpired:
        return False
    return result.returncode == 0
