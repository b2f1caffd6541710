#!/usr/bin/env python3
"""The demo: an Odoo with the addon, linked with a simulated Amazon seller. `start`, `reset` or `stop`."""

import shutil
import sys

import databases
import odoo_process
import odoo_source
import postgres
import processes
import python_environment
from console import Failure, main, say, step
from folders import REPOSITORY, WORK, link_addon

ODOO, AMAZON = "demo-odoo", "demo-amazon"
ODOO_PORT, AMAZON_PORT = 8069, 8099
LOGIN_PAGE = "/web/login"
AMAZON_STATE = WORK / "demo" / "amazon.json"


def run():
    commands = {"start": start, "reset": reset, "stop": stop}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise Failure(f"Say what to do: {', '.join(commands)}.")
    python_environment.enter()
    commands[sys.argv[1]]()


def start():
    """Bring up what does not run yet, link the seller, synchronize, and show what came in."""
    import demo_seller  # needs packages of the virtual environment

    link_addon()
    odoo = odoo_source.find()
    say(f"Using {odoo}.")
    postgres.start()
    amazon_url = start_amazon()
    odoo_url = start_odoo(odoo)
    with step("Linking the simulated seller and synchronizing the orders"):
        report = demo_seller.synchronize(odoo_url, databases.checkout_name(odoo, "demo"), amazon_url)
    say(f"\n{report}\n")
    say(f"Odoo:             {odoo_url}  (user admin, password admin; Sales > Orders, filter Amazon)")
    say(f"Simulated Amazon: {amazon_url}  (add, ship and cancel orders there)")
    say("To stop both: make stop. To start over: make demo-reset.")


def reset():
    """Forget the demo's database and the simulated Amazon's orders, then start."""
    stop_servers()
    postgres.start()
    databases.drop(databases.checkout_name(odoo_source.find(), "demo"))
    shutil.rmtree(AMAZON_STATE.parent, ignore_errors=True)
    start()


def stop():
    """Stop the servers, and PostgreSQL unless somebody else uses it."""
    stopped = stop_servers()
    if postgres.stop():
        stopped.append("PostgreSQL")
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def stop_servers():
    """Stop Odoo and the simulated Amazon; the names of those that ran."""
    return [name for name in (ODOO, AMAZON) if processes.stop(name)]


def start_amazon():
    """Start the simulated Amazon where it does not run; its address."""
    facts = processes.running(AMAZON)
    if not facts:
        AMAZON_STATE.parent.mkdir(parents=True, exist_ok=True)
        port = processes.free_port(AMAZON_PORT)
        url = f"http://localhost:{port}"
        command = [sys.executable, "-m", "simulator", "--port", str(port), "--state", str(AMAZON_STATE)]
        with step("Starting the simulated Amazon"):
            processes.start(AMAZON, command, port, url, environment=None, folder=REPOSITORY, patience=30)
        return url
    return facts["url"]


def start_odoo(odoo):
    """Start Odoo where it does not run with the addon's present state; its address."""
    database = databases.checkout_name(odoo, "demo")
    facts = processes.running(ODOO)
    if facts and databases.is_current(database):
        return facts["url"].removesuffix(LOGIN_PAGE)
    processes.stop(ODOO)
    databases.prepare(odoo, "demo")
    port = processes.free_port(ODOO_PORT)
    url = f"http://localhost:{port}"
    words = ["server", "-d", database, f"--db-filter=^{database}$", "--no-database-list"]
    command = odoo_process.command(odoo, *words, f"--http-port={port}", "--max-cron-threads=1")
    with step("Starting Odoo"):
        processes.start(
            ODOO, command, port, f"{url}{LOGIN_PAGE}", environment=odoo_process.environment(odoo), folder=WORK
        )
    return url


if __name__ == "__main__":
    main(run)
