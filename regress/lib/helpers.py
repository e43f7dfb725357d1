"""Plays olaf to one of its helpers, over the channel that the helper has on
descriptor 3.  The messages are written a second time here, from their
description in lib/msg_client.h."""

import collections
import os
import re
import select
import socket
import struct
import subprocess
import time

import case
import olaf

TOP = os.environ.get("OLAF_TOP") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
FD_MARK = 0x80000000
HEAD = 16
TIMEOUT = 15
DOWN = ("lost", "tls", "refused", "closed", "protocol")
FORMS = ("spaced", "compact", "string", "other")
KINDS = ("public", "chat")
WHYS = ("sender", "signature", "tag", "plaintext", "participants", "format",
    "many", "long")
ZERO = bytes(32)


def types():
    """The numbers of messages by their names, from lib/msgrules.h."""
    with open(os.path.join(TOP, "lib/msgrules.h")) as file:
        body = re.search(r"enum msg_type \{(.*?)\};", file.read(), re.S)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    return {name: number for number, name in
        enumerate(re.findall(r"\bMSG_(\w+)", body))}


TYPES = types()
NAMES = {number: name for name, number in TYPES.items()}


def identity(key):
    """By what a user is known between olaf and its helpers."""
    return olaf.hashlib.sha256(key.spki).digest()


def put_string(text):
    octets = text.encode()
    return struct.pack(">H", len(octets)) + octets


class Fields:
    """A payload, field by field."""

    def __init__(self, octets):
        self.octets = octets
        self.at = 0

    @property
    def rest(self):
        return self.octets[self.at:]

    def more(self):
        return self.at < len(self.octets)

    def take(self, n):
        self.at += n
        case.check(self.at <= len(self.octets), "a message is too short")
        return self.octets[self.at - n:self.at]

    def number(self, octets):
        return int.from_bytes(self.take(octets), "big")

    def string(self):
        return self.take(self.number(2)).decode()


class Helper:
    """A helper, started; as a context, it ends it and looks how it ended."""

    def __init__(self, program):
        self.program = program
        ours, its = socket.socketpair()
        self.sock = ours
        path = os.path.join(TOP, program, program)
        number = its.fileno()

        def channel():
            """In the child: it is descriptor 3 there, whatever it is here."""
            os.dup2(number, 3)
            os.set_inheritable(3, True)
        self.process = subprocess.Popen([path, "-v"], close_fds=False,
            preexec_fn=channel, stderr=subprocess.PIPE)
        its.close()
        self.octets = bytearray()
        self.fds = collections.deque()
        self.said = collections.deque()
        name, fields = self.hear()
        case.same(name, "HELPER_READY", "the first message")
        self.promises, self.sandbox = fields.string(), fields.string()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.sock.close()
        try:
            _, errors = self.process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        self.errors = errors.decode(errors="replace")
        if kind is None:
            case.check(self.process.returncode == 0,
                f"{self.program} ended with {self.process.returncode}: "
                f"{self.errors[-300:]}")

    def tell(self, name, payload=b"", fd=None):
        length = HEAD + len(payload) | (FD_MARK if fd is not None else 0)
        octets = struct.pack("=IIII", TYPES[name], length, 0,
            os.getpid()) + payload
        self.sock.setblocking(True)
        if fd is not None:
            socket.send_fds(self.sock, [octets[:1]], [fd])
            octets = octets[1:]
        self.sock.sendall(octets)

    def _fill(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.sock], [], [], left)[0]:
            raise case.Failed(f"{self.program} says nothing")
        octets, fds, _, _ = socket.recv_fds(self.sock, 1 << 20, 8)
        self.fds.extend(fds)
        if not octets:
            self.process.wait(TIMEOUT)
            raise EOFError(self.process.stderr.read().decode())
        self.octets += octets

    def hear(self, timeout=TIMEOUT):
        """(name, fields) of the next message."""
        deadline = time.monotonic() + timeout
        while True:
            if len(self.octets) >= HEAD:
                kind, length = struct.unpack("=II", self.octets[:8])
                length &= ~FD_MARK
                if len(self.octets) >= length:
                    break
            self._fill(deadline)
        payload = bytes(self.octets[HEAD:length])
        del self.octets[:length]
        return NAMES[kind], Fields(payload)

    def quiet(self, seconds=0.3):
        """Nothing more is said for now."""
        try:
            name, _ = self.hear(seconds)
        except case.Failed:
            return
        raise case.Failed(f"{self.program} says {name}")

    def must_end(self, why):
        """It ends itself because we broke the rules."""
        try:
            while True:
                self.hear()
        except (EOFError, ConnectionError) as end:
            text = str(end) or self.process.stderr.read().decode()
        self.process.wait(TIMEOUT)
        case.same(self.process.returncode, 1, "the status")
        case.check("broke the rules" in text and why in text, text[-300:])
        self.process.returncode = 0


class Dial(Helper):
    """olaf-dial."""

    def __init__(self):
        super().__init__("olaf-dial")
        self.number = 0

    def connect(self, host, port, timeout=TIMEOUT):
        """(socket, loopback) or why there is none."""
        self.number += 1
        self.tell("CONNECT", struct.pack(">IH", self.number, port)
            + put_string(host))
        name, fields = self.hear(timeout)
        case.same(fields.number(4), self.number, "the id")
        if name == "CONNECT_FAILED":
            return fields.string()
        case.same(name, "CONNECTED", "the answer")
        loopback = fields.number(1)
        return socket.socket(fileno=self.fds.popleft()), loopback


class Net(Helper):
    """olaf-net, and the user whom it serves.  Unwraps as it is asked to, but
    if unwraps is false."""

    def __init__(self, key=None):
        super().__init__("olaf-net")
        self.key = key
        self.session = 0
        self.unwraps = True
        self.asked = 0			# keys to unwrap
        self.alive = 0			# behind so many texts
        if key is not None:
            self.tell("NET_SELF", key.spki)

    def open(self, sock, host="chat.example", path="/", tls=False, pin=None,
            name=""):
        self.session += 1
        self.tell("NET_OPEN", struct.pack(">IBB", self.session, tls,
            pin is not None) + (pin or ZERO) + put_string(name)
            + put_string(host) + put_string(path), sock.fileno())
        sock.close()

    def text(self, text):
        self.tell("NET_TEXT", struct.pack(">I", self.session) + text.encode())

    def list(self):
        self.tell("NET_LIST", struct.pack(">I", self.session))

    def close(self):
        self.tell("NET_CLOSE", struct.pack(">I", self.session))

    def unwrap(self, fields):
        number = fields.number(4)
        answer = struct.pack(">II", self.session, number)
        n = 0
        while fields.more():
            key = self.key.unwrap(fields.take(fields.number(2))) or b""
            answer += bytes([len(key)]) + key
            n += 1
        self.asked += n
        case.check(1 <= n <= 16, f"{n} keys are asked about")
        if self.unwraps:
            self.tell("NET_UNWRAPPED", answer)

    def next(self, timeout=TIMEOUT):
        """The next event: a tuple that begins with its name."""
        while True:
            name, fields = self.hear(timeout)
            case.same(fields.number(4), self.session, f"{name}'s session")
            if name == "NET_ALIVE":
                self.alive = fields.number(4)
                continue
            if name == "NET_UNWRAP":
                self.unwrap(fields)
                continue
            return getattr(self, "read_" + name[4:].lower())(fields)

    def expect(self, *event):
        got = self.next()
        case.same(got[:len(event)], event, "what net says")
        return got

    def read_up(self, _):
        return ("up",)

    def read_down(self, fields):
        kind, code = DOWN[fields.number(1)], fields.number(2)
        has_pin, pin = fields.number(1), fields.take(32)
        return "down", kind, code, fields.string(), pin if has_pin else None

    def read_server(self, fields):
        address, keys = fields.string(), []
        while fields.more():
            keys.append(fields.take(fields.number(2)))
        return "server", address, keys

    def read_listed(self, fields):
        return ("listed", fields.number(1), fields.number(4),
            fields.number(4))

    def read_message(self, fields):
        kind, form = KINDS[fields.number(1)], FORMS[fields.number(1)]
        counter, sender = fields.number(8), fields.take(32)
        participants = [(fields.number(1), fields.take(32))
            for _ in range(fields.number(2))]
        return (kind, sender, fields.rest.decode(), counter, form,
            participants)

    def read_unreadable(self, fields):
        why, has_sender = WHYS[fields.number(1)], fields.number(1)
        sender = fields.take(32)
        case.check(has_sender or sender == ZERO, "a sender that is none")
        return "unreadable", why, sender if has_sender else None

    def read_refused(self, fields):
        has_counter, counter = fields.number(1), fields.number(8)
        return ("refused", fields.string(), fields.string(),
            counter if has_counter else None)
