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

    Raises Failure with `why`, and the end of the log, when the command fails.
    """
    if log is None:
        result = subprocess.run(command, check=False, **options)
    else:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            result = subprocess.run(command, check=False, stdout=output, stderr=subprocess.STDOUT, **options)
    if result.returncode:
        name = why or f"{command[0]} failed"
        raise Failure(name if log is None else f"{name}\n{tail(log)}\nThe whole log: {log}")
    return result


def tail(log, lines=15):
    """The last lines of a log file, indented."""
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    | {line}" for line in text)


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
