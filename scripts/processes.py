"""Servers that go on running after the command that started them."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from console import Failure, show_end
from folders import LOGS, WORK

NOTES = WORK / "running"
PORTS_TO_TRY = 50


def start(name, command, port, url, *, environment, folder, patience=180):
    """Start a server in the background and wait until it answers at `url`; its log is in the folder of logs."""
    NOTES.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    note(name).write_text(json.dumps({"pid": process.pid, "port": port, "url": url, "born": birth(process.pid)}))
    ends = time.monotonic() + patience
    while not answers(url):
        if process.poll() is not None:
            note(name).unlink()
            show_end(log)
            raise Failure(f"{name} did not start.")
        if time.monotonic() > ends:
            raise Failure(f"{name} does not answer at {url} after {patience} seconds; its log: {log}")
        time.sleep(0.3)


def running(name):
    """What is known of a server that we started and that still runs: {"pid", "port", "url"}; else None."""
    if not note(name).exists():
        return None
    facts = json.loads(note(name).read_text())
    return facts if facts["born"] and birth(facts["pid"]) == facts["born"] else None


def stop(name, patience=20):
    """Stop a server that we started; whether there was one."""
    facts = running(name)
    note(name).unlink(missing_ok=True)
    if facts is None:
        return False
    ends = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        os.kill(facts["pid"], signal.SIGTERM)
        while birth(facts["pid"]) == facts["born"]:
            if time.monotonic() > ends:
                os.killpg(facts["pid"], signal.SIGKILL)
            time.sleep(0.2)
    return True


def note(name):
    """File that tells of a server which one it is."""
    return NOTES / f"{name}.json"


def birth(pid):
    """When a process began, which tells it from a later one with the same number; None when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state == "Z" else started


def free_port(preferred):
    """The preferred port of this machine, or the next one that is free."""
    for port in range(preferred, preferred + PORTS_TO_TRY):
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failure(f"No port is free between {preferred} and {preferred + PORTS_TO_TRY - 1}.")


def answers(url):
    """Whether a server answers at an address, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=30):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
