"""A WebSocket client (RFC 6455) for tests: every wait has a deadline, every
frame can be made by hand, and nothing is repaired on the way."""

import base64
import contextlib
import hashlib
import os
import select
import socket
import ssl
import struct
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
TIMEOUT = 15


class Refused(Exception):
    """The upgrade was answered with another status."""

    def __init__(self, status, head, body):
        super().__init__(f"refused with {status}")
        self.status = status
        self.head = head
        self.body = body


class Closed(Exception):
    """The connection is over: with a close frame's code and reason, or with
    neither (code None)."""

    def __init__(self, code=None, reason=""):
        super().__init__(f"closed: {code} {reason}")
        self.code = code
        self.reason = reason


class Silence(Exception):
    """Nothing came before the deadline."""


def tls_context(version=None, ca=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(ca)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


def connect(host, port, source=None, rcvbuf=None, timeout=TIMEOUT):
    """A TCP connection, perhaps from a certain address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if rcvbuf:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(timeout)
        if source:
            sock.bind((source, 0))
        sock.connect((host, port))
    except BaseException:
        sock.close()
        raise
    return sock


def mask(payload, key):
    if not payload:
        return b""
    n = len(payload)
    pad = (key * (n // 4 + 1))[:n]
    return (int.from_bytes(payload, "big") ^
        int.from_bytes(pad, "big")).to_bytes(n, "big")


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
    """The octets of one frame; length may lie."""
    n = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if n < 126:
        head += bytes([bit | n])
    elif n < 65536:
        head += struct.pack(">BH", bit | 126, n)
    else:
        head += struct.pack(">BQ", bit | 127, n)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + mask(payload, key)


class WebSocket:
    """One connection; sock may be given if it is made already."""

    def __init__(self, host, port, tls=None, name=None, sock=None,
            headers=(), path="/", host_field=None, **options):
        self.timeout = options.get("timeout", TIMEOUT)
        self.sock = sock or connect(host, port, **options)
        self.buffer = b""
        self.parts = None		# of a message that came in fragments
        self.pings = 0
        self.pongs = []
        self.auto_pong = True
        self.certificate = None
        try:
            if tls:
                self.sock = tls.wrap_socket(self.sock,
                    server_hostname=name or host)
                self.certificate = self.sock.getpeercert(True)
            self._upgrade(path, host_field or f"{name or host}:{port}",
                headers)
        except BaseException:
            self.sock.close()
            raise

    def _upgrade(self, path, host, headers):
        key = base64.b64encode(os.urandom(16))
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}",
            "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key.decode()}", "Sec-WebSocket-Version: 13",
            *headers, "", ""]
        self.sock.sendall("\r\n".join(lines).encode())
        deadline = time.monotonic() + self.timeout
        while b"\r\n\r\n" not in self.buffer:
            self._fill(deadline)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.head = head.decode()
        status = int(self.head.split()[1])
        if status != 101:
            raise Refused(status, self.head, self.buffer)
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        fields = dict(line.split(": ", 1)
            for line in self.head.split("\r\n")[1:])
        fields = {name.lower(): value for name, value in fields.items()}
        if fields.get("sec-websocket-accept") != accept:
            raise AssertionError("wrong Sec-WebSocket-Accept")
        if "sec-websocket-extensions" in fields:
            raise AssertionError("an extension was negotiated")

    def _fill(self, deadline):
        """Reads something more; raises at the deadline or the end."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Silence("nothing came in time")
        self.sock.settimeout(left)
        try:
            data = self.sock.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError) as error:
            raise Silence("nothing came in time") from error
        except (ConnectionError, ssl.SSLError, OSError) as error:
            raise Closed(None, str(error)) from error
        if not data:
            raise Closed(None, "end of file")
        self.buffer += data

    def _octets(self, n, deadline):
        while len(self.buffer) < n:
            self._fill(deadline)

    def recv_frame(self, timeout=None):
        """(opcode, fin, payload) of the next frame, whatever it is."""
        deadline = time.monotonic() + (
            self.timeout if timeout is None else timeout)
        self._octets(2, deadline)
        first, second = self.buffer[:2]
        if first & 0x70 or second & 0x80:
            raise AssertionError("reserved bits or a mask from the server")
        start, length = 2, second
        if second == 126:
            self._octets(4, deadline)
            start, length = 4, struct.unpack(">H", self.buffer[2:4])[0]
        elif second == 127:
            self._octets(10, deadline)
            start, length = 10, struct.unpack(">Q", self.buffer[2:10])[0]
        self._octets(start + length, deadline)
        payload = self.buffer[start:start + length]
        self.buffer = self.buffer[start + length:]
        return first & 15, bool(first & 0x80), payload

    def recv(self, timeout=None):
        """The next message: octets.  Pings are answered and counted, pongs
        kept; a close raises Closed."""
        deadline = time.monotonic() + (
            self.timeout if timeout is None else timeout)
        while True:
            opcode, fin, payload = self.recv_frame(
                max(0.001, deadline - time.monotonic()))
            if opcode == PING:
                self.pings += 1
                if self.auto_pong:
                    with contextlib.suppress(BrokenPipeError):
                        self.send_frame(PONG, payload)	# it may be closed
            elif opcode == PONG:
                self.pongs.append(payload)
            elif opcode == CLOSE:
                self._closing(payload)
            elif opcode == BINARY or (opcode == CONT) == (self.parts is None):
                raise AssertionError(f"unexpected opcode {opcode}")
            else:
                self.parts = (self.parts or []) + [payload]
                if fin:
                    message = b"".join(self.parts)
                    self.parts = None
                    message.decode()
                    return message

    def _closing(self, payload):
        code, reason = 1005, ""
        if payload:
            code = struct.unpack(">H", payload[:2])[0]
            reason = payload[2:].decode()
        try:
            self.send_frame(CLOSE, payload[:2])
        except OSError:
            pass
        raise Closed(code, reason)

    def wait_pong(self, payload=b"", timeout=None):
        """Sends a ping and waits for its pong; the seconds that it took.
        Messages that come before it are dropped."""
        begin = time.monotonic()
        self.send_frame(PING, payload)
        deadline = begin + (self.timeout if timeout is None else timeout)
        while payload not in self.pongs:
            opcode, _, octets = self.recv_frame(
                max(0.001, deadline - time.monotonic()))
            if opcode == PONG:
                self.pongs.append(octets)
            elif opcode == CLOSE:
                self._closing(octets)
        self.pongs.remove(payload)
        return time.monotonic() - begin

    def wait_closed(self, timeout=None):
        """Reads until the server closes; the Closed."""
        deadline = time.monotonic() + (
            self.timeout if timeout is None else timeout)
        while True:
            try:
                self.recv(max(0.001, deadline - time.monotonic()))
            except Closed as closed:
                return closed

    def wait_eof(self, timeout=None):
        """After a close: the server must end the connection too."""
        deadline = time.monotonic() + (
            self.timeout if timeout is None else timeout)
        while True:
            try:
                self._fill(deadline)
            except Closed:
                return

    def send_octets(self, octets):
        self.sock.settimeout(self.timeout)
        self.sock.sendall(octets)

    def send_frame(self, opcode, payload=b"", **options):
        self.send_octets(frame(opcode, payload, **options))

    def send(self, message, pieces=1):
        """A text message, in so many fragments."""
        if isinstance(message, str):
            message = message.encode()
        size = max(1, -(-len(message) // pieces))
        parts = [message[at:at + size]
            for at in range(0, len(message), size)] or [b""]
        for number, part in enumerate(parts):
            self.send_frame(TEXT if number == 0 else CONT, part,
                fin=number == len(parts) - 1)

    def readable(self, timeout=0):
        if self.buffer:
            return True
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        return bool(select.select([self.sock], [], [], timeout)[0])

    def close(self, code=1000):
        """An orderly end."""
        try:
            self.send_frame(CLOSE, struct.pack(">H", code))
            self.wait_closed(5)
        except (OSError, Silence, AssertionError):
            pass
        self.sock.close()

    def abort(self):
        """The end without a word: RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
            struct.pack("ii", 1, 0))
        self.sock.close()
