"""Starting and stopping the simulated Amazon."""

import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import App
from .store import Store


class _QuietHandler(WSGIRequestHandler):
    """Writes no line for each request: addresses may carry codes, and ``store.calls`` tells more."""

    def log(self, type, message, *args):
        pass


class Simulator:
    """Amazon on loopback, in a thread of this process.

    :param port: 0 for any free one
    :param host: the address to listen on
    :param application: the registered :class:`~.application.Application`; the default one when left out
    :param state: a file in which sellers, orders and authorizations outlast the process
    """

    def __init__(self, port=0, host="127.0.0.1", application=None, state=None):
        self.store = Store(application)
        self.app = App(self.store)
        self._address = host, port
        self._state = Path(state) if state else None
        self._server = self._thread = None

    @property
    def APPLICATION_ID(self):
        """The identifier of the registered application (solution)."""
        return self.store.application.application_id

    @property
    def CLIENT_ID(self):
        """The Login with Amazon client identifier of the registered application."""
        return self.store.application.client_id

    @property
    def CLIENT_SECRET(self):
        """The Login with Amazon client secret of the registered application."""
        return self.store.application.client_secret

    @property
    def url(self):
        """The base address, without a slash at its end."""
        if self._server is None:
            raise RuntimeError("The simulator is not running: call start() first")
        host = f"[{self._server.host}]" if ":" in self._server.host else self._server.host
        return f"http://{host}:{self._server.port}"

    def start(self):
        """Listen and answer until :meth:`stop`. OSError when the port is taken."""
        if self._state:
            self._keep_state()
        host, port = self._address
        try:
            self._server = make_server(host, port, self.app, threaded=True, request_handler=_QuietHandler)
        except SystemExit:
            # What werkzeug does instead of raising when it cannot listen; it has printed why.
            raise OSError(f"Cannot listen on {host} port {port}") from None
        # A short interval lets stop() return at once; tests start and stop many simulators.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="amazon-simulator", daemon=True
        )
        self._thread.start()
        return self

    def stop(self):
        """Stop answering; the store stays as it is."""
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None

    def _keep_state(self):
        if self._state.exists():
            self.store.load(self._state)
        self.app.after_request = self._save_after

    def _save_after(self, request):
        if request.method != "GET":
            self.store.save(self._state)

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()
