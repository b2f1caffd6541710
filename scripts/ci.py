#!/usr/bin/env python3
"""Everything that must pass: linters, tests and installation on each Odoo at hand, the demo."""

import os
import subprocess
import sys
import time

import odoo_source
from console import main, say
from folders import REPOSITORY, prepare


def run():
    prepare()
    failed = [] if succeeds("lint") else ["lint"]
    for source in odoo_source.several():
        failed += [
            f"{goal} (ODOO_SRC={source})"
            for goal in ("test", "test-kits", "check-install")
            if not succeeds(goal, source)
        ]
    failed += [goal for goal in ("demo-reset", "demo", "stop") if not succeeds(goal)]
    say("Failed: " + ", ".join(failed) if failed else "Everything passed.")
    return 1 if failed else 0


def succeeds(goal, source=None):
    """Run one of the Makefile's commands as a user does; whether it succeeded."""
    environment = {**os.environ, "PYTHON": sys.executable}
    if source:
        environment["ODOO_SRC"] = source
    say(f"\n##### make {goal}{f', ODOO_SRC={source}' if source else ''}")
    started = time.monotonic()
    status = subprocess.run(["make", "--no-print-directory", goal], cwd=REPOSITORY, env=environment, check=False)
    say(f"##### make {goal}: exit status {status.returncode} after {time.monotonic() - started:.0f} s")
    return status.returncode == 0


if __name__ == "__main__":
    main(run)
