"""What the commands print, and how they give up."""

import subprocess
import sys
import time
from contextlib import contextmanager


class Failure(Exception):
    """The command cannot go on; its text says what is missing, in one sentence for the user."""


def say(text):
    print(text, flush=True)


@contextmanager
def step(text):
    """Show that a long step runs, and at its end how long it took."""
    say(f"==> {text} ...")
    started = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - started:.0f} s")


def run(command, *, log=None, why="", **options):
    """Run a command; its output goes to the file `log`, or to the terminal without one.

    When the command fails, shows the end of the log and raises Failure with `why`, so that this sentence is last.
    """
    if log is None:
        result = subprocess.run(command, check=False, **options)
    else:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            result = subprocess.run(command, check=False, stdout=output, stderr=subprocess.STDOUT, **options)
    if result.returncode:
        if log is not None:
            show_end(log)
        raise Failure(why or f"{command[0]} failed.")
    return result


def show_end(log, lines=15):
    """Show the last lines of a log file, and where it is."""
    text = log.read_text(errors="replace").splitlines()[-lines:]
    print("".join(f"    | {line}\n" for line in text) + f"The whole log: {log}", file=sys.stderr, flush=True)


def main(function):
    """Run a command's main function; a Failure ends it with its sentence and exit status 1."""
    try:
        sys.exit(function())
    except Failure as failure:
        print(f"Error: {failure}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
