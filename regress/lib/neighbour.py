"""A server of another make, for tests: it listens, dials, has users, and
speaks to other servers in one of the manners in use.  Read from PROTOCOL.md
and olaf-protocol(7), on purpose without a look at olaf-relay/."""

import base64
import dataclasses
import hashlib
import json
import os
import random
import socket
import tempfile
import threading
import time

import case
import mesh
import olaf
import websocket
from olaf import Dialect

NEVER = 3600		# seconds
SALT_MAX = 222		# octets, in a signature of 2048 bits


@dataclasses.dataclass(frozen=True)
class Manner:
    """hello: does it identify itself?  dialect: how it, and its users, write.
    again: the separators with which it writes what it forwards once more,
    None where it forwards the text itself."""

    hello: bool = True
    dialect: Dialect = olaf.PLAIN
    again: tuple = None

    def forward(self, text):
        if self.again is None:
            return text
        return json.dumps(json.loads(text), separators=self.again)


SPACED, COMPACT = (", ", ": "), (",", ":")
MANNERS = {
    "seed": Manner(hello=False),
    "v11": Manner(dialect=Dialect(text="indented")),
    "v12": Manner(dialect=Dialect(data="string", text="compact")),
    # What was signed spaced arrives compact, and the other way round.
    "compact": Manner(again=COMPACT),
    "spaced": Manner(dialect=Dialect(text="compact"), again=SPACED),
    # Signs {"counter":N,"data":C}, and forwards in one of both spellings.
    "sorted": Manner(dialect=Dialect(signs="d",
        order="signature counter data type")),
    "sorted again": Manner(dialect=Dialect(signs="d", salt=SALT_MAX),
        again=COMPACT),
}


class Accepted(websocket.WebSocket):
    """The end that was dialled: it answers the upgrade, sends bare frames and
    reads masked ones."""

    def __init__(self, sock):
        super().__init__(None, None, sock=sock)

    def _upgrade(self, path, host, headers):
        deadline = time.monotonic() + self.timeout
        while b"\r\n\r\n" not in self.buffer:
            self._fill(deadline)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.head = head.decode()
        first, *lines = self.head.split("\r\n")
        case.check(first.startswith("GET /") and first.endswith(" HTTP/1.1"),
            f"the request is {first!r}")
        fields = {name.lower(): value for name, value in
            (line.split(": ", 1) for line in lines)}
        for name, value in (("upgrade", "websocket"),
                ("connection", "upgrade"), ("sec-websocket-version", "13")):
            case.same(fields.get(name, "").lower(), value, name)
        key = fields["sec-websocket-key"]
        case.same(len(base64.b64decode(key, validate=True)), 16, "the nonce")
        self.host_field = fields["host"]
        accept = base64.b64encode(hashlib.sha1(key.encode()
            + websocket.GUID).digest()).decode()
        self.sock.sendall("\r\n".join(["HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept}", "", ""]).encode())

    def recv_frame(self, timeout=None):
        deadline = time.monotonic() + (
            self.timeout if timeout is None else timeout)
        self._octets(2, deadline)
        first, second = self.buffer[:2]
        if first & 0x70 or not second & 0x80:
            raise AssertionError("reserved bits, or no mask")
        start = {126: 4, 127: 10}.get(second & 127, 2)
        self._octets(start, deadline)
        length = (second & 127 if start == 2 else
            int.from_bytes(self.buffer[2:start], "big"))
        end = start + 4 + length
        self._octets(end, deadline)
        payload = websocket.mask(self.buffer[start + 4:end],
            self.buffer[start:start + 4])
        self.buffer = self.buffer[end:]
        return first & 15, bool(first & 0x80), payload

    def send_frame(self, opcode, payload=b"", **options):
        super().send_frame(opcode, payload, masked=False, **options)


class Link:
    """A connection between servers.  A thread reads it; texts: all that came;
    closed: how it ended."""

    def __init__(self, owner, ws, dialled):
        self.owner = owner
        self.ws = ws
        self.dialled = dialled
        self.texts = []
        self.closed = None
        self.deaf = False		# reads, and does nothing about it
        self.pongs = None		# a list: those that it owes
        self.lock = threading.Lock()
        send_octets, send_frame = ws.send_octets, ws.send_frame

        def locked(octets):
            with self.lock:
                send_octets(octets)

        def perhaps(opcode, payload=b"", **options):
            if opcode != websocket.PONG or self.pongs is None:
                send_frame(opcode, payload, **options)
                return
            with owner.changed:
                self.pongs.append(payload)
                owner.changed.notify_all()
        ws.send_octets, ws.send_frame = locked, perhaps
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                text = self.ws.recv(NEVER).decode()
            except (websocket.Closed, websocket.Silence, OSError,
                    ValueError, AssertionError) as why:
                if not isinstance(why, websocket.Closed):
                    self.owner.faults.append(why)
                with self.owner.changed:
                    self.closed = why
                    self.owner.changed.notify_all()
                self.ws.sock.close()
                return
            self.owner.take(self, text)

    def send(self, text):
        self.ws.send(text)

    def pay(self):
        """Sends the pongs that it owes."""
        owed, self.pongs = self.pongs, None
        for payload in owed:
            self.ws.send_frame(websocket.PONG, payload)

    def close(self):
        """The end without a close frame."""
        try:
            self.ws.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class User(olaf.Client):
    """Somebody at such a server: a key and how it writes, no connection."""

    def __init__(self, key, dialect):
        super().__init__(None, key, dialect)


class Neighbour:
    """As a context it listens; dial() to be a neighbour actively.

    there: the users in the last client_update that came.  texts: all that
    came, with the links that they came by.  reforwards: it gives back what
    it is given."""

    def __init__(self, manner="v11", users=1, host="127.0.0.1", source=None,
            key=None, port=0):
        self.manner = MANNERS[manner]
        self.dialect = self.manner.dialect
        self.key = key or olaf.Key.fresh()
        self.host = host
        self.source = source
        self.users = [self.user() for _ in range(users)]
        self.changed = threading.Condition()
        self.links = []
        self.texts = []
        self.there = None
        self.faults = []		# whatever no server may do to another
        self.reforwards = False
        self.answers = True
        self.counter = 0
        self.listener = None
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, port), family=family)
        self.port = self.listener.getsockname()[1]
        self.address = f"localhost:{self.port}"
        fd, self.key_file = tempfile.mkstemp(suffix=".pub",
            dir=os.environ.get("TMPDIR"))
        with open(fd, "w") as file:
            file.write(self.key.pem + "\n")

    def block(self, connect=None, lines=(), key=True):
        """Its block in an olafd.conf."""
        if self.source and not self.manner.hello:
            lines = [*lines, f"accept unsigned from {self.source}"]
        return mesh.block(self.address,
            connect or f"{self.host} port {self.port}",
            self.key_file if key and self.manner.hello else None, lines)

    def user(self):
        return User(olaf.LightKey(), self.dialect)

    # Links

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop_listening(self):
        """Closing alone would not wake who waits in accept."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def __exit__(self, *_):
        self.stop_listening()
        for link in self.links:
            link.close()

    def _accept(self):
        while True:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            sock.settimeout(websocket.TIMEOUT)
            try:
                self.add(Accepted(sock), False)
            except websocket.Closed:
                pass		# it thought better of it
            except (AssertionError, case.Failed, KeyError, ValueError,
                    websocket.Silence) as why:
                self.faults.append(why)

    def add(self, ws, dialled):
        link = Link(self, ws, dialled)
        with self.changed:
            self.links.append(link)
            self.changed.notify_all()
        return link

    def connect(self, d):
        """A connection to an olafd on which nothing has been said."""
        host = d.listen[0].split()[0]
        return self.add(websocket.WebSocket(host, d.ports[d.listen[0]],
            source=self.source), True)

    def dial(self, d, request=True):
        """Dials and says what this manner says first."""
        link = self.connect(d)
        if self.manner.hello:
            link.send(self.hello())
        link.send(self.update())
        if request:
            link.send('{"type": "client_update_request"}')
        return link

    def up(self, dialled=None):
        """The links that stand; only those dialled, or not, if told."""
        with self.changed:
            return [link for link in self.links if not link.closed
                and dialled in (None, link.dialled)]

    def out(self):
        """The link that it sends on: its own if that is up."""
        links = self.up(True) or self.up()
        case.check(links, "no link")
        return links[-1]

    # What it says

    def hello(self, key=None, data=None, **members):
        """A server_hello."""
        self.counter += 1
        return self.dialect.envelope(key or self.key, data or {
            "type": "server_hello", "sender": self.address, **members},
            self.counter)

    def update(self, users=None):
        pems = [user.pem for user in (self.users if users is None else
            users)]
        return update(pems, COMPACT if self.dialect.text == "compact" else
            SPACED)

    def tell(self, link=None):
        """Its users have changed."""
        (link or self.out()).send(self.update())

    def forward(self, text, link=None):
        """What a user wrote, as this server hands it on; the text."""
        text = self.manner.forward(text)
        (link or self.out()).send(text)
        return text

    def public(self, user=None, message="from elsewhere", link=None,
            **options):
        user = user or self.users[0]
        return self.forward(user.write(user.public_data(message, **options)),
            link)

    def chat(self, recipients, message, destinations, user=None, link=None):
        user = user or self.users[0]
        return self.forward(user.write(user.chat_data(recipients, message,
            destinations)), link)

    # What it hears

    def take(self, link, text):
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict) or message.get("type") not in (
                "signed_data", "client_update", "client_update_request"):
            self.faults.append(f"it was sent {text[:200]}")
        with self.changed:
            link.texts.append(text)
            self.texts.append((link, text))
            if message and message.get("type") == "client_update":
                self.there = message["clients"]
            self.changed.notify_all()
        if link.deaf or not message:
            return
        if message["type"] == "client_update_request" and self.answers:
            link.send(self.update())
        elif message["type"] == "signed_data" and self.reforwards:
            link.send(self.manner.forward(text))

    def wait(self, function, what, timeout=websocket.TIMEOUT):
        with self.changed:
            if not self.changed.wait_for(function, timeout):
                raise case.Failed(f"{what}: not within {timeout} seconds; "
                    f"{len(self.texts)} texts, "
                    f"{[link.closed for link in self.links]}")

    def count(self, text):
        return sum(one == text for _, one in self.texts)

    def expect(self, text):
        """It must come; once, as far as can be seen."""
        self.wait(lambda: self.count(text) > 0, f"{text[:60]!r}")
        case.same(self.count(text), 1, "how often it came")

    def wait_there(self, *clients):
        """Waits until it was told of these users of the other server, and of
        no others."""
        wanted = sorted(client.pem for client in clients)
        self.wait(lambda: self.there is not None and
            sorted(self.there) == wanted, "the client_update")

    def check_faults(self):
        """An error answer is such a fault."""
        case.same(self.faults, [], "what it was done to")


def update(pems, separators=SPACED):
    """A client_update; the PEMs may be anything."""
    return json.dumps({"type": "client_update", "clients": list(pems)},
        separators=separators)


def crowd(number, label="spki line"):
    """PEMs of many keys that nobody can use: one key's with other
    exponents."""
    key = olaf.test_key(1)
    if label == "spki line":
        before, name = key.spki, "PUBLIC KEY"
    else:
        before, name = key.pkcs1, "RSA PUBLIC KEY"
    exponents = set()
    while len(exponents) < number:
        exponents.add(random.randrange(2 ** 24 + 1, 2 ** 31, 2))
    case.check(before.endswith(b"\x02\x03\x01\x00\x01"), "not 65537")
    pems = []
    for exponent in exponents:
        der = longer(before[:-5] + b"\x02\x04" + exponent.to_bytes(4, "big"))
        pems.append(olaf.columns(der, name, 0, False))
    return pems


def longer(der):
    """One octet more in each sequence (and bit string) that the last octets
    are in."""
    der = bytearray(der)
    at = 0
    while True:
        if der[at] == 0x30 and der[at + 1] == 0x82:
            put_length(der, at)
            at += 4
            if der[at] == 0x30 and der[at + 1] < 0x80:	# the algorithm
                at += 2 + der[at + 1]
        elif der[at] == 0x03:
            put_length(der, at)
            at += 5
        else:
            return bytes(der)


def put_length(der, at):
    size = int.from_bytes(der[at + 2:at + 4], "big") + 1
    der[at + 2:at + 4] = size.to_bytes(2, "big")
