"""Servers that hang up without a word, as Amazon's does now and then, or that send what is no answer."""

import json
import socket
import threading


class BrokenServer:
    """Takes one connection after the other; subclasses say how it is answered."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.taken = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self.socket.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def serve(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection:
                self.taken += 1
                self.answer(connection)


class BreakingServer(BrokenServer):
    """Takes ``breaks`` requests and hangs up; answers the next ones with ``body`` (JSON)."""

    def __init__(self, breaks, body):
        self.breaks = breaks
        self.body = json.dumps(body).encode()
        super().__init__()

    def answer(self, connection):
        connection.recv(65536)
        if self.taken > self.breaks:
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(self.body)
            connection.sendall(head + self.body)


class RawServer(BrokenServer):
    """Sends each caller ``pieces()`` (bytes, head and all) as they are; ``sent`` counts the bytes that were taken."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.sent = 0
        super().__init__()

    def answer(self, connection):
        try:
            connection.recv(65536)
            for piece in self.pieces():
                connection.sendall(piece)
                self.sent += len(piece)
        except OSError:
            return  # the caller has seen enough
