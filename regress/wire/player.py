"""Plays cases to a server: see README."""

import base64
import hashlib
import json
import re
import select
import socket
import struct
import time

from case import Failed
import olaf
from script import Step, Wrong, data, number
import websocket

NONCE = "dGhlIHNhbXBsZSBub25jZQ=="	# RFC 6455 1.3
OPCODES = {"cont": 0, "text": 1, "binary": 2, "close": 8, "ping": 9,
    "pong": 10}
NAMES = {opcode: name for name, opcode in OPCODES.items()}
TIMEOUT = 10
PROMPT = 4			# seconds: less than olafd waits for a close
ENVELOPE = ('{"type":"signed_data","data":@D@,"counter":@N@,'
    '"signature":"@SIGNATURE@"}')


class Users:
    """The keys that say hello, with their counters: a server remembers
    those from case to case."""

    def __init__(self):
        self.counters = {}

    def next(self, name):
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]


class Witness:
    """Another connection, which must not notice anything.  When its ping is
    answered, the server has read what was written to others before."""

    def __init__(self, ws):
        self.ws = ws
        self.pings = 0

    def barrier(self):
        self.pings += 1
        self.ws.wait_pong(str(self.pings).encode(), TIMEOUT)


class Wire:
    """A connection: octets out, answers and frames in."""

    def __init__(self, host, port):
        self.sock = websocket.connect(host, port)
        self.since = time.monotonic()
        self.buffer = bytearray()
        self.ended = False

    def write(self, octets, chop=0, pause=0):
        """The server may stop reading and end: that shows when we read."""
        self.sock.settimeout(TIMEOUT)
        view = memoryview(octets)
        size = chop or len(octets) or 1
        try:
            for at in range(0, len(octets), size):
                self.sock.sendall(view[at:at + size])
                if pause:
                    time.sleep(pause)
        except ConnectionError:
            pass

    def fill(self, timeout):
        self.sock.settimeout(max(0.001, timeout))
        try:
            octets = self.sock.recv(1 << 20)
        except socket.timeout:
            raise Failed("nothing came in time") from None
        except ConnectionError as why:
            raise Failed(f"the connection was reset: {why}") from None
        if not octets:
            self.ended = True
            raise Failed("the connection ended")
        self.buffer += octets

    def need(self, n, deadline):
        while len(self.buffer) < n:
            self.fill(deadline - time.monotonic())

    def take(self, n, deadline):
        self.need(n, deadline)
        octets = bytes(self.buffer[:n])
        del self.buffer[:n]
        return octets

    def until(self, mark, deadline):
        """The octets up to a mark, which is taken, too."""
        while mark not in self.buffer:
            if len(self.buffer) > 65536:
                raise Failed("an endless head")
            self.fill(deadline - time.monotonic())
        return self.take(self.buffer.index(mark) + len(mark), deadline)

    def frame(self):
        """(opcode, fin, payload) of the next frame."""
        deadline = time.monotonic() + TIMEOUT
        first, second = self.take(2, deadline)
        if first & 0x70:
            raise Failed(f"reserved bits from the server: {first:#x}")
        if second & 0x80:
            raise Failed("a masked frame from the server")
        length = second
        if second == 126:
            length = struct.unpack(">H", self.take(2, deadline))[0]
        elif second == 127:
            length = struct.unpack(">Q", self.take(8, deadline))[0]
        if (second == 126 and length < 126) or (
                second == 127 and length < 65536):
            raise Failed(f"a length of {length} in too many octets")
        return first & 15, bool(first & 0x80), self.take(length, deadline)

    def peek_close(self):
        """Is the next frame a close?"""
        self.need(1, time.monotonic() + TIMEOUT)
        return self.buffer[0] & 15 == 8

    def readable(self):
        return bool(self.buffer) or bool(
            select.select([self.sock], [], [], 0)[0])

    def expect_eof(self):
        """FIN, not RST, and nothing before it."""
        deadline = time.monotonic() + PROMPT
        if not self.ended:
            try:
                self.need(1, deadline)
            except Failed:
                if not self.ended:
                    raise
        if self.buffer:
            raise Failed(f"more came: {bytes(self.buffer[:200])}")

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
            struct.pack("ii", 1, 0))
        self.sock.close()


def same(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what} is {got!r:.200}, not {wanted!r:.200}")


class Player:
    """Plays one case on a connection of its own.  cut: where a write is cut
    in two, if the case says so."""

    def __init__(self, server, cut=1):
        self.server = server
        self.wire = Wire("127.0.0.1", server.port)
        self.gathered = bytearray()
        self.cut = cut
        self.armed = False		# to cut the next write
        self.length = 0			# of what was cut
        self.chop = ()			# octets at a time, seconds between
        self.user = None
        self.template = ENVELOPE
        self.sent = None		# the last signed text
        self.values = {}
        self.fields = {}
        self.body = b""

    def play(self, case):
        try:
            for step in case.steps:
                try:
                    self.step(self.filled(step))
                except Wrong as why:
                    raise Wrong(f"{step}: {why}") from why
                except Exception as why:
                    raise Failed(f"{step}: {why}") from why
        finally:
            self.wire.sock.close()

    def filled(self, step):
        """What is yet to be signed gets its counter then."""
        values = dict(self.values)
        if step.verb in ("envelope", "signed"):
            values.pop("N", None)
        return step.filled(values)

    def step(self, step):
        verb = step.verb.rstrip("-")
        if step.verb == ">":
            self.gathered += step.rest.encode() + b"\r\n"
        elif verb in ("text", "binary", "cont", "ping", "pong"):
            self.add_frame(OPCODES[verb], data(step.rest),
                fin=verb == step.verb)
        elif hasattr(self, "do_" + step.verb):
            getattr(self, "do_" + step.verb)(step.rest)
        else:
            raise Wrong("unknown step")

    # Sending

    def add_frame(self, opcode, payload, **options):
        self.gathered += websocket.frame(opcode, payload, **options)

    def flush(self):
        """Writes what was gathered."""
        if not self.gathered:
            return
        octets, self.gathered = bytes(self.gathered), bytearray()
        if self.armed:
            self.armed = False
            self.length = len(octets)
            self.wire.write(octets[:self.cut])
            self.server.witness.barrier()
            octets = octets[self.cut:]
        self.wire.write(octets, *self.chop)

    def do_send(self, rest):
        self.gathered += data(rest)

    def do_close(self, rest):
        code, _, reason = rest.partition(" ")
        self.add_frame(8, struct.pack(">H", int(code)) + data(reason)
            if code else b"")

    def do_frame(self, rest):
        options = {}
        opcode = 0
        while match := re.match(r"(opcode|rsv|length)=(\d+)\s*|"
                r"(nofin|unmasked)\b\s*", rest):
            rest = rest[match.end():]
            if match[1] == "opcode":
                opcode = int(match[2])
            elif match[1]:
                options[match[1]] = int(match[2])
            elif match[3] == "nofin":
                options["fin"] = False
            else:
                options["masked"] = False
        self.add_frame(opcode, data(rest), **options)

    def do_fragments(self, rest):
        size, kind, rest = rest.split(" ", 2)
        octets, size = data(rest), number(size)
        for at in range(0, len(octets), size):
            self.add_frame(0 if at else OPCODES[kind], octets[at:at + size],
                fin=at + size >= len(octets))

    def do_json(self, rest):
        self.add_frame(1, rest.encode())

    def do_envelope(self, rest):
        self.template = rest

    def do_signed(self, rest):
        name, key = self.user
        counter = self.server.users.next(name)
        self.values["N"] = str(counter)
        rest = rest.replace("@N@", str(counter))
        signature = base64.b64encode(key.sign(
            f"{rest}{counter}".encode())).decode()
        text = self.template
        for mark, value in (("@D@", rest), ("@DSTRING@", json.dumps(rest)),
                ("@N@", str(counter)), ("@SIGNATURE@", signature)):
            text = text.replace(mark, value)
        self.sent = text.encode()
        self.add_frame(1, self.sent)

    def do_chop(self, rest):
        self.flush()
        size, _, pause = rest.partition(" ")
        self.chop = (int(size), float(pause or 0))

    def do_split(self, rest):
        self.flush()
        self.armed = True

    def do_repeat(self, rest):
        times, rest = rest.split(" ", 1)
        for _ in range(int(times)):
            self.step(Step(rest, ""))

    def do_again(self, rest):
        self.add_frame(1, self.sent)

    # Waiting

    def do_upgrade(self, rest):
        self.gathered += (f"GET {rest or '/'} HTTP/1.1\r\nHost: x\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {NONCE}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n").encode()
        self.expect_status("101")
        accept = base64.b64encode(hashlib.sha1(NONCE.encode()
            + websocket.GUID).digest()).decode()
        same(self.fields.get("sec-websocket-accept"), accept, "accept")

    def do_hello(self, rest):
        key = olaf.test_key(int(rest))
        self.user = (rest, key)
        self.values["SENDER"] = key.fingerprint
        self.values["PEM"] = json.dumps(key.pem)[1:-1]
        template, self.template = self.template, ENVELOPE
        self.do_signed(json.dumps({"type": "hello", "public_key": key.pem}))
        self.template = template
        self.do_json('{"type":"client_list_request"}')
        self.expect_list("")

    def do_pause(self, rest):
        self.flush()
        self.server.witness.barrier()

    def do_fin(self, rest):
        self.flush()
        self.wire.sock.shutdown(socket.SHUT_WR)

    def do_reset(self, rest):
        self.flush()
        self.wire.reset()

    def do_drip(self, rest):
        self.flush()
        seconds, rest = rest.split(" ", 1)
        octets = data(rest)
        end = time.monotonic() + TIMEOUT
        at = 0
        while not select.select([self.wire.sock], [], [],
                float(seconds))[0]:
            if time.monotonic() > end:
                raise Failed(f"still open after {TIMEOUT} seconds")
            self.wire.write(octets[at:at + 1])
            at = (at + 1) % max(1, len(octets))

    def do_took(self, rest):
        low, high = map(float, rest.split(" to "))
        age = time.monotonic() - self.wire.since
        if not low <= age <= high:
            raise Failed(f"it is {age:.2f} seconds old")

    def do_bye(self, rest):
        self.do_close("1000")
        self.expect_close(rest or "1000")
        self.expect_eof("")

    def do_counts(self, rest):
        name, _, n = rest.partition(" ")
        self.server.counted[name] = (self.server.counted.get(name, 0)
            + int(n or 1))

    # Expecting

    def do_expect(self, rest):
        kind, _, rest = rest.partition(" ")
        self.flush()
        if kind in ("text", "binary", "ping", "pong"):
            self.expect_message(OPCODES[kind], data(rest))
        elif hasattr(self, "expect_" + kind):
            getattr(self, "expect_" + kind)(rest)
        else:
            raise Wrong("unknown expectation")

    def expect_status(self, rest):
        self.flush()
        status, _, head = rest.partition(" ")
        deadline = time.monotonic() + TIMEOUT
        lines = self.wire.until(b"\r\n\r\n", deadline)[:-4].decode(
            "ascii").split("\r\n")
        match = re.fullmatch(r"HTTP/1\.1 (\d{3}) [A-Za-z ]+", lines[0])
        if not match:
            raise Failed(f"a status line: {lines[0]}")
        same(match[1], status, "status")
        self.fields = {}
        for line in lines[1:]:
            match = re.fullmatch(r"([A-Za-z-]+): (\S|\S.*\S)", line)
            if not match or match[1].lower() in self.fields:
                raise Failed(f"a field: {line}")
            self.fields[match[1].lower()] = match[2]
        self.body = b""
        if status != "101":
            length = int(self.fields["content-length"])
            if head != "head":
                self.body = self.wire.take(length, deadline)

    def expect_field(self, rest):
        name, colon, value = rest.partition(": ")
        got = self.fields.get(name.lower())
        if got is None:
            raise Failed(f"no field {name}")
        if colon:
            same(got, value, name)

    def expect_no(self, rest):
        name = rest.removeprefix("field ")
        same(self.fields.get(name.lower()), None, name)

    def expect_body(self, rest):
        if rest:
            same(self.body, data(rest), "the body")
        elif not self.body:
            raise Failed("there is no body")

    def expect_message(self, wanted, octets):
        """The server may divide a message as it likes."""
        opcode, fin, payload = self.wire.frame()
        if opcode == 8 and wanted != 8:
            raise Failed(f"closed: {payload}")
        same(NAMES.get(opcode), NAMES[wanted], "the kind of frame")
        parts = [payload]
        while not fin and opcode < 8:
            more, fin, payload = self.wire.frame()
            same(more, 0, "the opcode of a continuation")
            parts.append(payload)
        same(b"".join(parts), octets, "the payload")

    def expect_close(self, rest):
        self.flush()
        code, _, reason = rest.partition(" ")
        opcode, fin, payload = self.wire.frame()
        same((NAMES.get(opcode), fin), ("close", True), f"{payload[:99]}")
        if not code:
            same(payload, b"", "the payload")
            return
        same(len(payload) >= 2, True, "the payload's length")
        same(struct.unpack(">H", payload[:2])[0], int(code), "the code")
        payload[2:].decode()
        if reason:
            same(payload[2:], data(reason), "the reason")

    def expect_cut(self, rest):
        while not self.wire.peek_close():
            self.wire.frame()
        self.expect_close(rest)

    def expect_error(self, rest):
        self.flush()
        code, _, counter = rest.partition(" ")
        opcode, _, payload = self.wire.frame()
        same(NAMES.get(opcode), "text", f"{payload[:99]}")
        answer = json.loads(payload)
        same((answer.get("type"), answer.get("error")), ("error", code),
            "the answer")
        same(answer.get("counter"), int(counter) if counter else None,
            "the counter")
        if not re.fullmatch(r"[A-Z].{8,}\.", answer["message"]):
            raise Failed(f"no sentence: {answer['message']}")

    def expect_list(self, rest):
        self.flush()
        opcode, _, payload = self.wire.frame()
        same(NAMES.get(opcode), "text", f"{payload[:99]}")
        answer = json.loads(payload)
        same(answer.get("type"), "client_list", f"{payload[:99]}: the type")
        if self.user and self.user[1].pem not in answer["servers"][0][
                "clients"]:
            raise Failed("hello was not accepted")

    def expect_echo(self, rest):
        self.expect_message(1, self.sent)

    def expect_nothing(self, rest):
        self.server.witness.barrier()
        if self.wire.readable():
            self.wire.fill(TIMEOUT)
            raise Failed(f"something came: {bytes(self.wire.buffer[:200])}")

    def expect_eof(self, rest):
        self.wire.expect_eof()


def spoiled(step):
    """The expectation made wrong, or None for a step that expects nothing."""
    if step.verb == "took":
        return Step("took 100 to 200", step.where)
    if step.verb == "bye":
        return Step("bye 4999", step.where)
    if step.verb == "repeat":
        return spoiled(Step(step.rest.split(" ", 1)[1], step.where))
    if step.verb != "expect":
        return None
    kind, _, rest = step.rest.partition(" ")
    wrong = {
        "status": lambda: f"status {rest.replace(rest[:3], '599')}",
        "field": lambda: f"field {rest}x" if ": " in rest else "field X",
        "no": lambda: "field Connection: no such value",
        "body": lambda: 'body "no such body"',
        "close": lambda: "close 1234",
        "cut": lambda: "cut 1234",
        "error": lambda: "error no_such_code",
        "list": lambda: 'text "no such list"',
        "echo": lambda: 'text "no such text"',
        "nothing": lambda: "eof",
        "eof": lambda: "nothing",
    }
    if kind in ("text", "binary", "ping", "pong"):
        return Step(f'expect {kind} {rest} "!"', step.where)
    return Step(f"expect {wrong[kind]()}", step.where)
