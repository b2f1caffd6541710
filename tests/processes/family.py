"""The Odoo processes of a test: started, waited for, and asked what they did."""

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import odoo_process

HERE = Path(__file__).parent
PATIENCE = 1200  # machines may be busy


class Family:
    """A worker.py with its children.

    :param odoo: the Odoo tree of scripts/odoo_source.py
    :param database: the database of all of them
    :param folder: where logs and notes go
    """

    def __init__(self, odoo, database, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "odoo.log"
        command = [sys.executable, str(HERE / "worker.py"), *odoo_process.options(odoo), f"-d{database}"]
        # The last one wins: keys, sessions and files of the tests are nobody else's.
        command += [f"--data-dir={folder / 'data'}", "--log-level=info", f"--db-filter=^{database}$"]
        environment = odoo_process.environment(odoo, HERE)
        environment["AMAZON_PROCESSES_DATABASE"] = database
        self._numbers = itertools.count(1)
        self._answers = {}
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("a"),
            text=True,
        )
        self._ready = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        if self._ready.get(timeout=PATIENCE) is None:
            raise RuntimeError(f"Odoo did not start; see {self.log}")

    def _listen(self):
        for line in self._process.stdout:
            answer = json.loads(line)
            if "ready" in answer:
                self._ready.put(answer["ready"])
            else:
                self._answers[answer["id"]].put(answer)
        self._ready.put(None)

    def start(self, job, interrupt=None, **options):
        """Start a process that does a job of jobs.py; a `Process`."""
        number = next(self._numbers)
        self._answers[number] = queue.Queue()
        notes = self.folder / "notes" / f"{os.getpid()}-{number}.jsonl"
        notes.parent.mkdir(exist_ok=True)
        notes.unlink(missing_ok=True)
        task = {"id": number, "job": job, "options": options, "interrupt": interrupt, "notes": str(notes)}
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        pid = self._answers[number].get(timeout=PATIENCE)["pid"]
        return Process(pid, self._answers[number], notes)

    def run(self, job, interrupt=None, **options):
        """Start a process and wait for its end."""
        return self.start(job, interrupt, **options).wait()

    def act(self, name, /, **arguments):
        """Let a user do something in Odoo; what it returned."""
        process = self.run("act", name=name, arguments=arguments)
        if process.status:
            raise RuntimeError(f"{name} failed; see {self.log}")
        return process.result

    def stop(self):
        """End all of them."""
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)


class Process:
    """One Odoo process; `status` is that of its end: 0, or -9 when it was killed."""

    def __init__(self, pid, answers, notes):
        self.pid = pid
        self.status = self.result = self.interrupted = None
        self.interruptions = []
        self.events = {}
        self.started = time.monotonic()
        self._answers, self._notes = answers, notes

    def arm(self, number):
        """Let events count from now on: send the signal that arms the interrupt, and wait until it has arrived."""
        os.kill(self.pid, number)
        ends = time.monotonic() + PATIENCE
        while {"armed": True} not in self._read_notes():
            if time.monotonic() > ends:
                raise RuntimeError("The process takes no signal")
            time.sleep(0.01)

    def wait(self, patience=PATIENCE):
        """Wait for its end, and read what it noted."""
        self.status = self._answers.get(timeout=patience)["ended"]
        self.seconds = time.monotonic() - self.started
        for note in self._read_notes():
            if "interrupted" in note:
                self.interruptions.append(note)
                self.interrupted = note["interrupted"]
            elif "events" in note:
                self.result, self.events = note["result"], note["events"]
        self._notes.unlink(missing_ok=True)
        return self

    def _read_notes(self):
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def is_running(self):
        return self._answers.empty()
