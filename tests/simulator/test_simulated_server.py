"""Starting and stopping, in this process and as one of its own; what outlasts a restart."""

import re
import signal
import socket
import subprocess
import sys

import official
import pytest
import requests
from amazon_client import EU, Client

from simulator import APPLICATION_ID, CLIENT_ID, CLIENT_SECRET, Simulator
from simulator.samples import build_order


def test_it_listens_on_loopback_and_stops():
    sim = Simulator().start()
    url = sim.url
    assert url.startswith("http://127.0.0.1:")
    assert requests.get(url, timeout=10).status_code == 200
    sim.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_stopping_twice_is_harmless_and_it_can_start_again():
    sim = Simulator().start()
    sim.stop()
    sim.stop()
    with sim:
        assert requests.get(sim.url, timeout=10).status_code == 200


def test_it_has_no_address_before_it_runs():
    with pytest.raises(RuntimeError, match="not running"):
        Simulator().url  # noqa: B018


def test_it_knows_its_application():
    sim = Simulator()
    assert (sim.APPLICATION_ID, sim.CLIENT_ID, sim.CLIENT_SECRET) == (APPLICATION_ID, CLIENT_ID, CLIENT_SECRET)


def test_several_run_side_by_side():
    with Simulator() as first, Simulator() as second:
        first.store.add_order(EU, build_order())
        assert (len(first.store.orders), len(second.store.orders)) == (1, 0)


def test_a_taken_port_is_an_error():
    with Simulator() as sim, pytest.raises(OSError, match="Cannot listen"):
        Simulator(port=int(sim.url.rpartition(":")[2])).start()


def test_orders_and_authorizations_outlast_a_restart(tmp_path):
    file = tmp_path / "state.json"
    with Simulator(state=file) as sim:
        client = Client(sim, EU)
        requests.post(f"{sim.url}/control/orders", json={"seller_id": EU}, timeout=10)
        (order_id,) = sim.store.orders
    with Simulator(state=file) as client.sim:
        assert client.search_ids() == [order_id]
        assert client.token().status_code == 200


def test_only_the_owner_reads_what_outlasts_a_restart(tmp_path):
    file = tmp_path / "state.json"
    with Simulator(state=file) as sim:
        Client(sim, EU)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def process():
    """Run ``python -m simulator`` with some options; every process ends with the test."""
    started = []

    def run(*options):
        command = [sys.executable, "-m", "simulator", *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=official.REPOSITORY, **pipes))
        return started[-1]

    yield run
    for one in started:
        one.kill()
        one.communicate()


def test_it_runs_as_a_process_of_its_own_and_ends_when_told(process):
    running = process("--port", "0")
    url = re.search(r"http://\S+", running.stdout.readline()).group()
    assert "Simulated Amazon" in requests.get(url, timeout=10).text
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 0


def test_a_taken_port_is_told_in_one_sentence(process):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        running = process("--port", str(taken.getsockname()[1]))
        _output, errors = running.communicate(timeout=20)
    assert running.returncode == 1
    assert errors.strip().splitlines()[-1].startswith("The simulated Amazon cannot start:")
