"""The world of a test: a database, Odoo processes that work on it, and Amazon."""

import random
from datetime import timedelta
from pathlib import Path

import databases
import odoo_source
import postgres
from family import Family
from states import Database

from simulator import Simulator
from simulator.samples import demo_orders

SELLER, OTHER_SELLER, NEW_SELLER = "A1EXAMPLESELLEREU", "A2EXAMPLESELLERNA", "A3EXAMPLESELLERFE"
GERMANY, AMERICA, JAPAN = "A1PA6795UKMFR9", "ATVPDKIKX0DER", "A1VC38T7YXB528"
PRODUCTS = [
    {"reference": "MUG-RED-11OZ", "stock": 500},
    {"reference": "POSTER-A2", "stock": 400},
    {"reference": "NOTEBOOK-A5"},
    {"reference": "CANDLE-VANILLA", "tracking": "lot"},
    {"reference": "BACKPACK-20L", "stock": 300},
    {"reference": "LAMP-DESK-OAK", "tracking": "serial"},
]
# Columns of Odoo's database that hold a time for which something waits.
WAITING = [
    ("ir_cron", "nextcall"),
    ("ir_cron_trigger", "call_at"),
    ("amazon_account", "next_orders_sync"),
    ("amazon_account", "next_stock_sync"),
    ("amazon_feed", "next_step_on"),
    ("amazon_feed", "submitted_on"),
    ("amazon_quota", "refilled_at"),
    ("amazon_quota", "blocked_until"),
    ("amazon_shipment", "retry_at"),
]
ROUNDS = 40


class Environment:
    """What all tests share: the server, the database with linked accounts, and Amazon's address."""

    def __init__(self, database, folder, server):
        self.odoo = odoo_source.find()
        self.name, self.folder, self.server = database, Path(folder), Path(server)
        self.database = Database(database)
        self.amazon = Simulator().start()
        tokens = {seller: self.amazon.store.issue_refresh_token(seller) for seller in (SELLER, OTHER_SELLER)}
        self._set_up(tokens)
        self.authorizations = self.amazon.store.authorizations.dump()
        # Read again, so that a process starts as one does after the accounts were linked.
        self.family = Family(self.odoo, database, self.folder)

    def _set_up(self, tokens):
        family = Family(self.odoo, self.name, self.folder)
        europe = {"name": "Europe", "home": GERMANY, "seller_key": SELLER, "refresh_token": tokens[SELLER]}
        america = {
            "name": "America",
            "home": AMERICA,
            "seller_key": OTHER_SELLER,
            "refresh_token": tokens[OTHER_SELLER],
        }
        family.act("set_up", amazon_url=self.amazon.url, sellers=[europe, america], products=PRODUCTS)
        family.act("create_account", name="New", home=JAPAN)
        family.stop()
        databases.drop(self.base)
        copy_database(self.name, self.base)

    @property
    def base(self):
        """Name of the database that every test starts with a copy of."""
        return f"{self.name}_base"

    def start_over(self):
        """Odoo's database and Amazon as they were when the accounts had just been linked."""
        databases.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        copy_database(self.base, self.name)
        self.amazon.store.reset()
        self.amazon.store.authorizations.load(self.authorizations)

    def restart_postgres(self, mode="fast"):
        """What a process runs to restart the database server."""
        command = [postgres.program(self.server, "pg_ctl"), "-D", str(self.server / "data"), "restart", "-w"]
        return {"command": [*command, "-m", mode, "-l", str(self.server / "data" / "server.log")], **account()}

    def close(self):
        self.family.stop()
        self.amazon.stop()


def copy_database(source, name):
    """Make a database a copy of another one.

    By files, with which comes a checkpoint: without one, sequences of the copy may go back when the server crashes.
    """
    databases.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def account():
    """Under whose name a program of the database server runs, as options that JSON can carry."""
    return {name: value for name, value in postgres.account().items() if name != "cwd"}


class World:
    """One test's Odoo and Amazon."""

    def __init__(self, environment):
        self.environment = environment
        environment.start_over()
        self.family, self.database = environment.family, environment.database
        self.store = environment.amazon.store

    def close(self):
        self.store.clear_faults()
        self.environment.amazon.app.after_request = None

    # --- Amazon ---

    def orders_come_in(self, count, seed, seller=SELLER, marketplaces=("DE", "FR", "GB", "SE"), **options):
        """Buyers order; the orders' references, oldest first."""
        orders = demo_orders(count, seed, marketplaces, now=self.store.clock.now(), **options)
        self.store.add_orders(seller, orders)
        return [order["orderId"] for order in orders]

    def orders_change(self, refs, seed):
        """Amazon cancels some orders, ships some, and buyers ask to cancel others; always the same for a seed."""
        dice = random.Random(seed)
        for ref in refs:
            status = self.store.orders[ref].status
            change = dice.choice(("cancel", "request", "ship", "touch", "nothing"))
            if status not in ("UNSHIPPED", "PARTIALLY_SHIPPED") or change == "nothing":
                continue
            if change == "cancel" and status == "UNSHIPPED":
                self.store.cancel_order(ref, age=150)
            elif change == "request":
                self.store.request_cancellation(ref, age=150)
            elif change == "ship" and status == "UNSHIPPED":
                self.store.ship_order(ref, age=150)
            else:
                self.store.update_order(ref, age=150)

    def amazon_goes_down_after(self, operation, seller):
        """Amazon answers one more such call of a seller, and then nothing any more until the faults are taken back."""
        app = self.environment.amazon.app

        def after(_request):
            call = self.store.calls[-1] if self.store.calls else None
            if call and (call.operation, call.seller_id) == (operation, seller):
                app.after_request = None
                for target in ("*", "token"):
                    self.store.add_fault(target, "unavailable", times=None)

        app.after_request = after

    # --- time ---

    def time_passes(self, hours=1):
        """It is later, for Odoo and for Amazon: what waits for its time is due, and quotas are full again."""
        for table, column in WAITING:
            if self.database.has_table(table):
                self.database.rows(
                    f"UPDATE {table} SET {column} = {column} - %s",  # noqa: S608
                    [timedelta(hours=hours)],
                )
        self.store.clock.advance(hours * 3600)

    # --- Odoo ---

    def work(self, interrupts=(), **options):
        """Let Odoo's scheduler work until nothing is left to do; processes that die are started again.

        :param interrupts: what happens to the first processes, in this order; then nothing happens any more
        :return: the processes, in the order in which they ran
        """
        interrupts, processes = list(interrupts), []
        for _round in range(ROUNDS):
            interrupt = interrupts.pop(0) if interrupts else None
            processes.append(self.family.run("crons", interrupt, **options))
            if not interrupts and not processes[-1].interruptions and processes[-1].status == 0 and self.is_done():
                return processes
            self.time_passes()
        raise AssertionError(f"Odoo is not done after {ROUNDS} rounds: {self.left_to_do()}")

    def is_done(self):
        return not any(self.left_to_do().values())

    def left_to_do(self):
        """How much waits, by subject."""
        return {
            "updates": self._count("amazon_order_update WHERE state = 'pending'"),
            "pages": self._count("amazon_account WHERE orders_page_token IS NOT NULL"),
            "shipments": self._count("amazon_shipment WHERE state IN ('pending', 'sent')"),
            "offers": self._count(
                "amazon_offer o JOIN amazon_account a ON a.id = o.account_id WHERE a.synchronize_inventory"
                " AND o.stock_state IN ('pending', 'sending')"
            ),
            "changes": self._count("amazon_stock_change"),
            "submissions": self._count("amazon_feed WHERE state IN ('draft', 'submitting', 'in_progress')"),
        }

    def _count(self, rows):
        return self.database.value(f"SELECT count(*) FROM {rows}")  # noqa: S608

    def state(self):
        """What is in Odoo and at Amazon."""
        return {**self.database.state(), **self._amazon_state()}

    def _amazon_state(self):
        packages = [
            str(
                (
                    ref,
                    package["packageReferenceId"],
                    package["carrier"],
                    package.get("trackingNumber"),
                    *contents(package),
                )
            )
            for ref, stored in self.store.orders.items()
            for package in stored.order.get("packages", ())
        ]
        listings = [str((sku, listing.quantity, listing.lead_time)) for (_seller, sku), listing in self.listings()]
        harm = [str(harm) for harm in self.store.harmed_listings]
        return {"amazon's packages": sorted(packages), "amazon's listings": sorted(listings), "harm": harm}

    def listings(self):
        return self.store.listings.items()


def contents(package):
    return sorted((item["orderItemId"], item["quantity"]) for item in package["packageItems"])
