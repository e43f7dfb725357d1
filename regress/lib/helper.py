#!/usr/bin/python3
"""In the place of olaf-net or olaf-dial: comes up as the real one does, and
then breaks a rule.  The file "mode" beside it says which, "keys" has the keys
that it wants, for it is to start fast; "attacked" is made beside it when it
was done.  Its cases are in hostile_cases()."""

import array
import hashlib
import json
import os
import re
import socket
import struct
import sys

OLAF_FD = 3
HEADER = struct.Struct("=IIII")		# type, length, peer, pid
FD_MARK = 0x80000000
LIB = os.path.join(os.path.dirname(os.path.realpath(__file__)),
    "..", "..", "lib")
# Name, and number or name of the test key: their DER comes to be in KEYS.
WANTED = {"peer": 4, "stranger": 8, "small": "bits1024", "three": "exponent3"}
KEYS = {}
GOOD = "a good message, after all"
MUST, MAY = "must", "may"	# be told that it broke the rules


def message_types():
    """{name: number} of lib/msgrules.h."""
    with open(os.path.join(LIB, "msgrules.h")) as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    names = re.search(r"enum msg_type {(.*?)}", text, re.S)[1]
    return {name.strip()[len("MSG_"):]: number
        for number, name in enumerate(names.split(",")) if name.strip()}


TYPES = message_types()


# Fields


def string(text, length=None):
    octets = text.encode() if isinstance(text, str) else text
    return struct.pack(">H", len(octets) if length is None else length) + \
        octets


def u8(*numbers):
    return bytes(numbers)


def u32(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def identity(name):
    return hashlib.sha256(KEYS[name]).digest()


def keys_of(*ders):
    return b"".join(struct.pack(">H", len(der)) + der for der in ders)


def participant(name, known=1):
    return u8(known) + identity(name)


def ready():
    return string("stdio") + string("stand-in")


class Channel:
    """To olaf."""

    def __init__(self):
        self.sock = socket.socket(fileno=OLAF_FD)
        self.sock.setblocking(True)
        self.buffer = b""
        self.fds = []

    def raw(self, octets, fds=()):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
            array.array("i", fds))] if fds else []
        sent = self.sock.sendmsg([octets], rights)
        self.sock.sendall(octets[sent:])

    def send(self, name, payload=b"", fds=()):
        number = TYPES[name] if isinstance(name, str) else name
        length = HEADER.size + len(payload)
        self.raw(HEADER.pack(number, length | (FD_MARK if fds else 0), 0,
            os.getpid()) + payload, fds)

    def _fill(self, number):
        while len(self.buffer) < number:
            octets, rights, _, _ = self.sock.recvmsg(65536,
                socket.CMSG_SPACE(64))
            if not octets:
                sys.exit(0)
            self.buffer += octets
            for _, _, data in rights:
                fds = array.array("i")
                fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
                self.fds += fds

    def recv(self):
        """(type, payload) of the next message."""
        self._fill(HEADER.size)
        number, length, _, _ = HEADER.unpack(self.buffer[:HEADER.size])
        length &= ~FD_MARK
        self._fill(length)
        payload = self.buffer[HEADER.size:length]
        self.buffer = self.buffer[length:]
        return number, payload

    def wait(self, name):
        """The payload of the next of a type."""
        while True:
            number, payload = self.recv()
            if number == TYPES[name]:
                return payload


# What is wrong


class Net:
    """The messages of olaf-net, in a session; each right unless told."""

    def __init__(self, session, own):
        self.session = session
        self.own = own			# olaf's user's DER

    def up(self):
        return u32(self.session)

    def down(self, kind=0, code=0, has_pin=0, pin=bytes(32), why=b"gone"):
        return u32(self.session) + u8(kind) + struct.pack(">H", code) + \
            u8(has_pin) + pin + string(why)

    def server(self, address=b"localhost:80", keys=None):
        return u32(self.session) + string(address) + (keys_of(KEYS["peer"],
            self.own) if keys is None else keys)

    def listed(self, asked=1, servers=1, skipped=0):
        return u32(self.session) + u8(asked) + u32(servers, skipped)

    def unwrap(self, number=1, keys=None):
        return u32(self.session, number) + (keys_of(bytes(256))
            if keys is None else keys)

    def message(self, text=b"hello", kind=0, form=0, counter=1, sender=None,
            number=None, participants=b""):
        count = len(participants) // 33 if number is None else number
        return u32(self.session) + u8(kind, form) + struct.pack(">Q",
            counter) + (sender or identity("peer")) + struct.pack(">H",
            count) + participants + text

    def unreadable(self, why=0, has_sender=0, sender=bytes(32)):
        return u32(self.session) + u8(why, has_sender) + sender

    def refused(self, has_counter=1, counter=5, code=b"replayed",
            text=b"No."):
        return u32(self.session) + u8(has_counter) + struct.pack(">Q",
            counter) + string(code) + string(text)

    def good(self):
        """Every message that it may send, with the shortest and the longest
        payload of the table."""
        return {"NET_UP": (self.up(), 4, 4),
            "NET_DOWN": (self.down(), 42, 297),
            "NET_SERVER": (self.server(), 6, None),
            "NET_LISTED": (self.listed(), 13, 13),
            "NET_UNWRAP": (self.unwrap(), 266, 8232),
            "NET_MESSAGE": (self.message(), 48, None),
            "NET_UNREADABLE": (self.unreadable(), 38, 38),
            "NET_REFUSED": (self.refused(), 17, 335),
            "NET_ALIVE": (self.up() + u32(1), 8, 8),
            "HELPER_READY": (ready(), 4, 514)}


def anybodys(good, others):
    """{name: (how bad, what to do)} of what the table forbids to anybody who
    may send those messages."""
    cases = {}
    for name, (payload, shortest, longest) in good.items():
        cases[f"{name} short"] = MUST, lambda c, n=name, p=payload, s= \
            shortest: c.send(n, p[:s - 1].ljust(s - 1, b"\0"))
        if longest:
            cases[f"{name} long"] = MUST, lambda c, n=name, p=payload, l= \
                longest: c.send(n, p.ljust(l + 1, b"\0"))
        if name != "CONNECTED":
            cases[f"{name} with a descriptor"] = MUST, lambda c, n=name, p= \
                payload: c.send(n, p, [0])
    for name in others:
        cases[f"{name} is not its own"] = MUST, lambda c, n=name: \
            c.send(n, bytes(64))
    cases["an unknown type"] = MUST, lambda c: c.send(len(TYPES) + 5)
    cases["the largest type"] = MUST, lambda c: c.send(2 ** 32 - 1)
    cases["a header with a short length"] = MUST, lambda c: c.raw(
        HEADER.pack(TYPES["HELPER_READY"], 3, 0, 0))
    cases["a header with the largest length"] = MUST, lambda c: c.raw(
        HEADER.pack(TYPES["HELPER_READY"], FD_MARK - 1, 0, 0))
    cases["noise"] = MUST, lambda c: c.raw(b"\xff" * 4096)
    cases["zeros"] = MUST, lambda c: c.raw(bytes(4096))
    cases["hangs up"] = MAY, lambda c: os._exit(0)
    cases["falls silent"] = MAY, lambda c: c.sock.shutdown(socket.SHUT_WR)
    return cases


OTHERS = ("CONF_BEGIN", "START", "DELIVER_ALL", "CTL_SHOW", "CTL_END",
    "CLIENT_CA", "CONNECT", "NET_SELF", "NET_TEXT", "NET_UNWRAPPED",
    "TRANSFER_DONE", "TRANSFER_FILE")


def of_net(net):
    """All cases of olaf-net."""
    cases = anybodys(net.good(), (*OTHERS, "CONNECT_FAILED"))
    whole = participant("peer") + u8(1) + hashlib.sha256(net.own).digest()

    def add(how, name, message, payload):
        cases[name] = how, lambda c: c.send(message, payload)
    for name, payload in {
            "kind": net.message(kind=2), "form": net.message(form=4),
            "too many": net.message(number=1025, participants=bytes(33 *
                1025)),
            "fewer participants than said": net.message(kind=1, number=100,
                participants=whole),
            "a flag": net.message(kind=1, participants=b"\7" + whole[1:])
            }.items():
        add(MUST, f"a message: {name}", "NET_MESSAGE", payload)
    for name, payload in {
            "kind": net.down(kind=5), "flag": net.down(has_pin=2),
            "NUL": net.down(why=b"a\0b"),
            "longer than it is": net.down()[:-6] + string(b"gone", 200),
            "more behind it": net.down() + b"x"}.items():
        add(MUST, f"down: {name}", "NET_DOWN", payload)
    for name, payload in {
            "flag": net.refused(has_counter=2),
            "NUL": net.refused(code=b"a\0b"),
            "a long code": net.refused(code=b"x" * 64),
            "more behind it": net.refused() + b"x"}.items():
        add(MUST, f"refused: {name}", "NET_REFUSED", payload)
    for name, payload in {
            "why": net.unreadable(why=8), "flag": net.unreadable(
            has_sender=9)}.items():
        add(MUST, f"unreadable: {name}", "NET_UNREADABLE", payload)
    for name, keys in {
            "no key": keys_of(b"\x30\x03\2\1\1"), "noise": keys_of(
            os.urandom(294)), "cut": keys_of(KEYS["peer"])[:-1], "empty":
            keys_of(b""), "1024 bits": keys_of(KEYS["small"]),
            "half a length": b"\1", "exponent 3": keys_of(KEYS["three"])}.items():
        add(MUST, f"a server's keys: {name}", "NET_SERVER",
            net.server(keys=keys))
    add(MUST, "a server: NUL", "NET_SERVER", net.server(address=b"a\0b"))
    add(MUST, "a server: longer than it is", "NET_SERVER", u32(net.session) +
        string(b"", 60000))
    add(MUST, "listed: flag", "NET_LISTED", net.listed(asked=3))
    for name, payload in {
            "empty ones": net.unwrap(1, bytes(260)),
            "too many": net.unwrap(1, keys_of(*[bytes(256)] * 17)),
            "short": net.unwrap(1, keys_of(bytes(255)) + b"x" * 10),
            "long": net.unwrap(1, keys_of(bytes(513))), "cut": net.unwrap(1,
            keys_of(bytes(300))[:-1])}.items():
        add(MUST, f"to unwrap: {name}", "NET_UNWRAP", payload)
    net_may(net, cases, add, whole)
    return cases


def net_may(net, cases, add, whole):
    """Nothing that the messages' pairs forbid; no harm may come of it."""
    add(MAY, "up a second time", "NET_UP", net.up())
    add(MAY, "listed without a server", "NET_LISTED", net.listed(servers=7))
    add(MAY, "a list that never ends", "NET_SERVER", net.server())
    add(MAY, "a server without a name", "NET_SERVER", net.server(b""))
    add(MAY, "a server's name", "NET_SERVER", net.server(
        b"\x1b[31m\xff\xe2\x80\xae"))
    add(MAY, "ready a second time", "HELPER_READY", ready())
    other = Net(net.session + 7, net.own)
    for name, (payload, _, _) in other.good().items():
        if name != "HELPER_READY":
            add(MAY, f"of another session: {name}", name, payload)
    add(MAY, "from a stranger", "NET_MESSAGE", net.message(
        sender=identity("stranger")))
    add(MAY, "a chat without participants", "NET_MESSAGE",
        net.message(kind=1))
    add(MAY, "a chat of strangers", "NET_MESSAGE", net.message(kind=1,
        participants=participant("stranger", 0) * 1024))
    add(MAY, "a chat that does not name us", "NET_MESSAGE", net.message(
        kind=1, participants=participant("peer") * 2))
    add(MAY, "a public chat with participants", "NET_MESSAGE",
        net.message(participants=whole))
    add(MAY, "the largest counter", "NET_MESSAGE", net.message(
        counter=2 ** 64 - 1, sender=hashlib.sha256(net.own).digest()))
    add(MAY, "unreadable, of a stranger", "NET_UNREADABLE", net.unreadable(
        has_sender=1, sender=identity("stranger")))
    for number, text in enumerate((b"\x1b[31m\x9b1m", b"\xff\xfe\xc0\x80",
            b"\xed\xa0\x80", b"a\0b\r\n", b"\xe2\x80\xae", b"", b"\\",
            os.urandom(10000), b"\n" * 100000)):
        add(MAY, f"text {number}", "NET_MESSAGE", net.message(text,
            counter=number + 1))
        text = text.replace(b"\0", b"")
        add(MAY, f"why {number}", "NET_DOWN", net.down(why=text[:255]))
        add(MAY, f"refused {number}", "NET_REFUSED", net.refused(
            code=text[:63], text=text[:255]))
    add(MAY, "to unwrap: a great number", "NET_UNWRAP", net.unwrap(
        2 ** 32 - 1))
    cases["a question before the answer"] = MAY, lambda c: [
        c.send("NET_UNWRAP", net.unwrap()) for _ in range(1000)]
    cases["many lists"] = MAY, lambda c: [[c.send("NET_SERVER",
        net.server()), c.send("NET_LISTED", net.listed())]
        for _ in range(1000)]


def connected(number, family=4, flag=1):
    return u32(number) + u8(flag, family) + b"\x7f\0\0\1\0\x50"


def of_dial(number):
    """All cases of olaf-dial, where a connection of that number was asked
    for."""
    failed = u32(number) + string("no")
    cases = anybodys({"CONNECT_FAILED": (failed, 6, 261), "HELPER_READY":
        (ready(), 4, 514), "CONNECTED": (connected(number), 12, 24)},
        (*OTHERS, "NET_UP", "NET_MESSAGE"))
    for name, payload, fds in (
            ("without a descriptor", connected(number), []),
            ("a flag", connected(number, flag=2), [0]),
            ("of no family", connected(number, 5), [0])):
        cases[f"connected {name}"] = MUST, lambda c, p=payload, f=fds: \
            c.send("CONNECTED", p, f)
    cases["failed: NUL"] = MUST, lambda c: c.send("CONNECT_FAILED",
        u32(number) + string(b"a\0b"))
    for name, payload in (("what nobody asked for", connected(number + 9)),
            ("with what is no socket", connected(number))):
        cases[f"connected {name}"] = MAY, lambda c, p=payload: \
            c.send("CONNECTED", p, [os.open("/dev/null", os.O_RDWR)])
    cases["failed: nobody asked"] = MAY, lambda c: c.send("CONNECT_FAILED",
        u32(number + 9) + string("x"))
    cases["failed: foreign text"] = MAY, lambda c: c.send("CONNECT_FAILED",
        u32(number) + string(b"\x1b[31m\xff\xe2\x80\xae"))
    cases["twice"] = MAY, lambda c: [c.send("CONNECT_FAILED", failed)
        for _ in range(2)]
    return cases


def hostile_cases(role, keys):
    """[(name, how bad)], with KEYS as given."""
    KEYS.update(keys)
    cases = of_net(Net(0, keys["peer"])) if role == "olaf-net" else of_dial(0)
    return [(name, how) for name, (how, _) in cases.items()]


def net(channel, mode):
    """Until a list is asked for it is as it must be."""
    own = channel.wait("NET_SELF")
    session = struct.unpack(">I", channel.wait("NET_OPEN")[:4])[0]
    fake = Net(session, own)
    channel.send("NET_UP", fake.up())
    channel.wait("NET_LIST")
    channel.send("NET_SERVER", fake.server())
    channel.send("NET_LISTED", fake.listed())
    yield of_net(fake)[mode][1]
    channel.send("NET_SERVER", fake.server())
    channel.send("NET_LISTED", fake.listed())
    channel.send("NET_MESSAGE", fake.message(GOOD.encode(),
        counter=2 ** 40))


def dial(channel, mode):
    number = struct.unpack(">I", channel.wait("CONNECT")[:4])[0]
    yield of_dial(number)[mode][1]
    channel.send("CONNECT_FAILED", u32(number) + string("no luck"))


def main():
    here = os.path.dirname(sys.argv[0])
    with open(os.path.join(here, "mode")) as file:
        mode = file.read().strip()
    with open(os.path.join(here, "keys")) as file:
        KEYS.update({name: bytes.fromhex(text)
            for name, text in json.load(file).items()})
    channel = Channel()
    channel.send("HELPER_READY", ready())
    role = net if os.path.basename(sys.argv[0]) == "olaf-net" else dial
    try:
        for attack in role(channel, mode):
            with open(os.path.join(here, "attacked"), "w"):
                pass
            attack(channel)
        while True:
            channel.recv()
    except OSError:
        pass


if __name__ == "__main__":
    main()
