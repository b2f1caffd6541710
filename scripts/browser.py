"""A Chromium for the tours, which are tests that click through Odoo's pages in a browser."""

import os
import shutil
import subprocess

from console import Failure, say, step
from folders import LOGS

# The names under which Odoo's test framework looks for one.
PROGRAMS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def in_ci():
    """Whether this is a run that nobody watches, where a skipped tour would go unnoticed."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def ensure():
    """Find a Chromium, or install one with apt when root; without one the tours skip (or fail in CI)."""
    if find() or (os.geteuid() == 0 and shutil.which("apt-get") and install()):
        return
    if in_ci():
        raise Failure(f"The tours need Chromium, and apt could not install it; see {LOGS / 'chromium.log'}.")
    say("No Chromium found: the tours are skipped. As root: apt-get install chromium")


def find():
    """Path of a browser that starts; None without one."""
    for name in PROGRAMS:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def install():
    """Install Chromium with the system's apt; whether it then starts."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
    )
    with step("Installing Chromium with apt"), (LOGS / "chromium.log").open("w") as log:
        for command in commands:
            subprocess.run(command, env=quiet, check=False, stdout=log, stderr=subprocess.STDOUT)
    return find()
