"""An HTTP server of a test's making: it keeps what it was asked and answers
octet for octet what the test says."""

import re
import socket
import threading

import case

TIMEOUT = 20


class Request:
    """method, target; fields by name in small letters; body, as far as the
    answer's function read it; sock."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        line, *fields = head.decode().split("\r\n")
        self.method, self.target, _ = line.split(" ")
        self.fields = {name.lower(): value.strip() for name, value in
            (field.split(":", 1) for field in fields)}

    def _fill(self):
        octets = self.sock.recv(262144)
        if not octets:
            raise EOFError(f"the end after {self.buffer[:200]}")
        self.buffer += octets

    def read(self, length=None):
        """So much of the body, or all of it."""
        if length is None:
            length = int(self.fields.get("content-length", 0))
            if self.fields.get("expect") == "100-continue":
                self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self.buffer) < length:
            self._fill()
        octets, self.buffer = self.buffer[:length], self.buffer[length:]
        return octets

    def first(self):
        """Where the range begins that is asked for; None: for all."""
        match = re.fullmatch(r"bytes=(\d+)-", self.fields.get("range", ""))
        return int(match[1]) if match else None

    def send(self, *octets):
        for some in octets:
            self.sock.sendall(some)

    def answer(self, status, *fields, body=b"", length=None):
        """Sends one; length: what it claims to be."""
        head = [f"HTTP/1.1 {status} x", "Content-Length: "
            f"{len(body) if length is None else length}", *fields]
        self.send(b"\r\n".join(field if isinstance(field, bytes) else
            field.encode() for field in head) + b"\r\n\r\n", body)


class FileServer:
    """As a context.  Each request is given to the next of the functions; the
    last one answers all that follow."""

    def __init__(self, *functions):
        self.functions = list(functions)
        self.requests = []
        self.faults = []
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.base = f"http://localhost:{self.port}"
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            with sock:
                sock.settimeout(TIMEOUT)
                try:
                    self._serve(sock)
                except (OSError, EOFError):
                    pass		# the other end went: that is for the test
                except Exception as why:
                    self.faults.append(repr(why))

    def _serve(self, sock):
        request = Request(sock)
        self.requests.append(request)
        function = self.functions[0]
        if len(self.functions) > 1:
            self.functions.pop(0)
        function(request)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.thread.join(TIMEOUT)
        if kind is None:
            case.same(self.faults, [], "faults of the server")


def ranges(content, etag='"one"', cut=None, honest=True):
    """What answers as servers that can go on do; cut: after so many octets of
    the body the connection ends.  Not honest: If-Range is not looked at."""
    def function(request):
        first = request.first()
        same = request.fields.get("if-range", etag) == etag
        if first is not None and (same or not honest):
            if first >= len(content):
                request.answer(416, f"Content-Range: bytes */{len(content)}")
                return
            status, more = 206, [f"Content-Range: bytes {first}-"
                f"{len(content) - 1}/{len(content)}"]
        else:
            status, first, more = 200, 0, []
        if etag:
            more.append(f"ETag: {etag}")
        body = content[first:]
        request.answer(status, *more, body=body[:cut], length=len(body))
    return function
