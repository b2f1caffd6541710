"""Odoo is killed while an account is being linked; the user goes on, and the account is linked once and wholly."""

import os
import random
import signal
from collections import Counter
from urllib.parse import urljoin

import lxml.html
import processes as servers
import pytest
import requests
from odoo_rpc import Odoo
from states import difference
from world import NEW_SELLER, World

KILLS = max(int(os.environ.get("AMAZON_KILLS", "10")) // 5, 2)
SEED = int(os.environ.get("AMAZON_SEED", "1"))
ARM = signal.SIGRTMIN + 1


class Browser:
    """A sales administrator at a browser, who links the account New."""

    def __init__(self, world, port):
        self.world, self.port = world, port
        self.url = f"http://127.0.0.1:{port}"
        self.server = None

    def start_odoo(self, interrupt=None):
        self.server = self.world.family.start("serve", interrupt, port=self.port)
        while not servers.answers(f"{self.url}/web/login"):
            assert self.server.is_running, "Odoo did not start"
        return self

    def stop_odoo(self):
        os.kill(self.server.pid, signal.SIGTERM)
        return self.server.wait()

    def log_in(self):
        self.odoo = Odoo(self.url, self.world.database.name, "admin", "admin")
        self.account = self.odoo.call("amazon.account", "search", [("name", "=", "New")])[0]

    def go_to_amazon_and_agree(self):
        """Link with Amazon, Confirm; the address at which Amazon sends the user back."""
        action = self.odoo.call("amazon.account", "action_link", [self.account])
        page = self.odoo.session.get(action["url"], timeout=60)
        form = next(form for form in lxml.html.fromstring(page.text).forms if form.method == "POST")
        decision = {**dict(form.fields), "decision": "confirm", "selling_partner_id": NEW_SELLER}
        answer = self.odoo.session.post(
            urljoin(page.url, form.action), data=decision, timeout=60, allow_redirects=False
        )
        return answer.headers["Location"]

    def come_back(self, address):
        return self.odoo.session.get(address, timeout=120, allow_redirects=False)

    @property
    def is_linked(self):
        return self.odoo.read("amazon.account", self.account, ["state"])["state"] == "linked"


def link(world, port, kill_at=None):
    """Link the account; with `kill_at` Odoo dies at that event of the way back, and the user goes on afterwards.

    :return: at which event Odoo died, and how many there were
    """
    interrupt = {"action": "kill", "at": kill_at or 10**9, "kind": "any", "armed_by": ARM}
    browser = Browser(world, port).start_odoo(interrupt)
    browser.log_in()
    address = browser.go_to_amazon_and_agree()
    browser.server.arm(ARM)
    died = None
    try:
        browser.come_back(address)
        is_linked = browser.is_linked  # Odoo may die while it answers this, too
    except requests.ConnectionError:
        died = browser.server.wait().interrupted
        browser.start_odoo()
        browser.come_back(address)  # the user reloads the page
        if not browser.is_linked:
            browser.come_back(browser.go_to_amazon_and_agree())
        is_linked = browser.is_linked
    assert is_linked
    browser.stop_odoo()
    return died, browser.server.events.get("any", 0)


@pytest.fixture(scope="module")
def undisturbed(environment):
    """The state once the account is linked without trouble, and the number of events on the way back."""
    world = World(environment)
    _died, events = link(world, servers.free_port(8170))
    world.work()
    return comparable(world), events


def comparable(world):
    """The state, but for the traces of attempts that were given up; they are vacuumed after hours."""
    return {subject: rows for subject, rows in world.state().items() if subject != "links"}


def test_killed_on_the_way_back_from_amazon_the_account_is_linked_in_the_end(environment, undisturbed, record_property):
    expected, events = undisturbed
    dice = random.Random(SEED)
    port = servers.free_port(8170)
    points = Counter()
    while sum(points.values()) < KILLS:
        world = World(environment)
        died, _events = link(world, port, dice.randint(1, events))
        points.update([died] if died else [])
        world.work()
        assert not difference(expected, comparable(world))
    record_property("kills", sum(points.values()))
    record_property("points", dict(points))
