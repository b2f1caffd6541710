"""``python -m simulator``: the simulated Amazon as a process of its own."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from .application import Application
from .server import Simulator


def main():
    """Run until interrupted; exit status 1 with one sentence when that is not possible."""
    options = _options()
    application = Application(redirect_uris=options.redirect_uri, login_uris=options.login_uri, is_draft=options.draft)
    simulator = Simulator(options.port, options.host, application, options.state)
    try:
        simulator.start()
    except (OSError, ValueError, KeyError) as error:
        print(f"The simulated Amazon cannot start: {error}", file=sys.stderr)
        return 1
    print(f"Simulated Amazon: {simulator.url}  (control page; stop with Ctrl+C)", flush=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_arguments: stopped.set())
    stopped.wait()
    simulator.stop()
    return 0


def _options():
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Amazon on your own machine.")
    parser.add_argument("--port", type=int, default=8099, help="port to listen on, 0 for any free one (8099)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep orders and authorizations in this file")
    parser.add_argument("--redirect-uri", action="append", default=[], help="a further registered redirect URI")
    parser.add_argument("--login-uri", action="append", default=[], help="a further registered Login URI")
    parser.add_argument("--draft", action="store_true", help="the application is a draft")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
