#!/usr/bin/env python3
"""Run the benchmarks, each in a process and on a fresh database of its own, and write bench/RESULTS.md.

Arguments name the ones to run (orders, workers, ...); without any, all are. What earlier runs of the other ones, and of
the other Odoo, gave is kept in bench/results.json.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import date

import databases
import odoo_process
import odoo_source
import postgres
import python_environment
from console import Failure, main, say, show_end, step
from folders import LOGS, REPOSITORY, link_addon

BENCHMARKS = ("orders", "workers", "calls", "volume", "stock", "screens", "privacy", "memory")
RESULTS = REPOSITORY / "bench" / "RESULTS.md"
KEPT = REPOSITORY / "bench" / "results.json"
SCRIPT = """
import json
from odoo.addons.amazon_connector.bench import {name}
rows = {name}.run(env)
print("RESULT " + json.dumps([{{**vars(row), "is_met": row.is_met}} for row in rows]))
"""


def run():
    python_environment.enter()
    link_addon()
    odoo = odoo_source.find()
    say(f"Using {odoo}.")
    postgres.start()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in sys.argv[1:] or BENCHMARKS:
        kept.setdefault(odoo.series, {})[name] = benchmark(odoo, name)
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")
        RESULTS.write_text(report(kept))
    say(f"The results are in {RESULTS.relative_to(REPOSITORY)}.")


def benchmark(odoo, name):
    """The rows of one benchmark."""
    if name not in BENCHMARKS:
        raise Failure(f"There is no benchmark {name}; there are {', '.join(BENCHMARKS)}.")
    database = databases.prepare(odoo, f"bench_{name}", fresh=True)
    log = LOGS / f"bench-{name}-{odoo.series}.log"
    words = ("shell", "-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn")
    with step(f"Measuring {name}"), log.open("w") as errors:
        done = subprocess.run(
            odoo_process.command(odoo, *words),
            input=SCRIPT.format(name=name),
            text=True,
            env=odoo_process.environment(odoo),
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    databases.drop(database)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        show_end(log)
        raise Failure(f"The benchmark {name} failed.")
    rows = json.loads(lines[0].removeprefix("RESULT "))
    for row in rows:
        say(f"    {row['what']}: {figure(row['value'])} ({row['figures'] or 'goal'}; goal {goal(row)})")
    return rows


def report(kept):
    """RESULTS.md: a table for each Odoo."""
    cores = os.cpu_count()
    parts = [
        "# Benchmarks\n",
        "Made by `make bench` (`ODOO_SRC` chooses the Odoo, `scripts/bench.py orders` runs one). Each figure is a",
        "ratio or a count within one run on one machine, so that it holds on others; the seconds behind it do not.\n",
        f"Last written on {date.today().isoformat()}; {cores} cores, Python {platform.python_version()}.",
    ]
    for series, benchmarks in sorted(kept.items()):
        parts += [f"\n## Odoo {series}\n", "| what | result | goal | figures |", "|---|---|---|---|"]
        for name in sorted(benchmarks, key=BENCHMARKS.index):
            for row in benchmarks[name]:
                mark = "" if row["is_met"] else " (missed)"
                parts.append(f"| {row['what']} | {figure(row['value'])}{mark} | {goal(row)} | {row['figures']} |")
    return "\n".join(parts) + "\n"


def figure(value):
    return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"


def goal(row):
    sign = {">=": "at least", "<=": "at most"}[row["sign"]]
    return f"{sign} {row['goal']:g}"


if __name__ == "__main__":
    main(run)
