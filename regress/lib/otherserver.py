"""A server of another make as clients meet it: it gives out lists, forwards
what users write, and does either as some implementation in use does, or as
nobody may.  Read from PROTOCOL.md and olaf-protocol(7), on purpose without a
look at olaf-relay/."""

import contextlib
import dataclasses
import json
import socket
import struct
import threading

import case
import olaf
import websocket
from neighbour import Accepted, Link, User

SENTENCE = "It cannot be, for a reason of mine."


@dataclasses.dataclass(frozen=True)
class Manners:
    """again: how it writes what it forwards once more, "" where it forwards
    the text itself.  lists: whom client_list_request is answered: always,
    those who said hello, never, or early: that one without being asked, and
    then never.  push: when it sends the list unasked, of "join" and
    "message".  frames: in what messages go out: text, binary, fragments, or
    pings between fragments.  takeover: a second hello with a key closes the
    first one's connection."""

    again: str = ""
    lists: str = "always"
    push: tuple = ()
    frames: str = "text"
    echo: bool = True
    takeover: bool = True


AGAIN = {
    "": str,
    "spaced": lambda text: json.dumps(json.loads(text)),
    "compact": lambda text: json.dumps(json.loads(text),
        separators=(",", ":"), ensure_ascii=False),
    "sorted": lambda text: json.dumps(json.loads(text), sort_keys=True,
        separators=(",", ":")),
}


class Session(Link):
    """A client's connection; key and pem once it said hello."""

    def __init__(self, server, ws):
        self.key = None
        self.pem = None
        self.messages = []		# the signed ones: olaf.Message
        super().__init__(server, ws, False)

    def there(self):
        return self.key is not None and not self.closed

    def give(self, text):
        """Sends a message in the frames that are this server's."""
        octets = text.encode() if isinstance(text, str) else text
        frames = self.owner.manners.frames
        if frames == "text":
            self.ws.send(octets)
        elif frames == "binary":
            self.ws.send_frame(websocket.BINARY, octets)
        elif frames == "fragments":
            self.ws.send(octets, pieces=7)
        else:
            half = len(octets) // 2
            self.ws.send_frame(websocket.TEXT, octets[:half], fin=False)
            self.ws.send_frame(websocket.PING, b"between")
            self.ws.send_frame(websocket.CONT, octets[half:])

    def shut(self, code=None, reason=""):
        """A close frame, whose answer is not waited for."""
        payload = b"" if code is None else struct.pack(">H", code) + (
            reason if isinstance(reason, bytes) else reason.encode())
        self.ws.send_frame(websocket.CLOSE, payload)

    def drop(self):
        """The end without a word: a reset."""
        self.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
            struct.pack("ii", 1, 0))
        # A thread that reads would hold the connection beyond the close.
        with contextlib.suppress(OSError):
            self.ws.sock.shutdown(socket.SHUT_RD)
        self.close()


class OtherServer:
    """As a context it listens.

    users: at this server, but on no connection.  elsewhere: (address, users)
    of its neighbours.  listing: if not None, the text of every client_list.
    refuse: a code with which chats are refused, or (code, sentence, whether
    their counter is told).  on_chat: called with the session instead of
    forwarding, if not None.  status: instead of the upgrade, a status line
    that is answered, or octets.  faults: what no client may do."""

    def __init__(self, manners=None, users=(), host="127.0.0.1", **options):
        self.manners = manners or Manners(**options)
        self.users = list(users)
        self.elsewhere = []
        self.listing = None
        self.refuse = None
        self.on_chat = None
        self.status = None
        self.strict = True		# refuses counters that do not rise
        self.changed = threading.Condition()
        self.order = threading.RLock()	# of what is sent to several
        self.sessions = []
        self.arrivals = 0		# of connections, refused ones too
        self.faults = []
        self.counters = {}
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.address = f"localhost:{self.port}"
        self.url = f"ws://{host if family == socket.AF_INET else f'[{host}]'}"\
            f":{self.port}/"

    # Connections

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind is None:
            self.check_faults()

    def stop(self):
        """Closing alone would not wake who waits in accept."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for session in self.sessions:
            session.close()

    def _accept(self):
        while True:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            with self.changed:
                self.arrivals += 1
                self.changed.notify_all()
            threading.Thread(target=self._open, args=(sock,),
                daemon=True).start()

    def _open(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(websocket.TIMEOUT)
        if self.status is not None:
            self._refuse_upgrade(sock)
            return
        try:
            ws = Accepted(sock)
        except (websocket.Closed, websocket.Silence):
            return		# it thought better of it
        except (AssertionError, case.Failed, KeyError, ValueError) as why:
            self.faults.append(why)
            return
        with self.changed:
            self.sessions.append(Session(self, ws))
            self.changed.notify_all()

    def _refuse_upgrade(self, sock):
        answer = self.status
        if isinstance(answer, str):
            answer = (f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n"
                "Connection: close\r\n\r\n").encode()
        try:
            sock.recv(65536)
            sock.sendall(answer)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
        except OSError:
            pass
        sock.close()

    def wait(self, function, what, timeout=websocket.TIMEOUT):
        """Asks whenever something happens; the answer, once it is true."""
        with self.changed:
            if not self.changed.wait_for(function, timeout):
                raise case.Failed(f"{what}: not within {timeout} seconds; "
                    f"{self.arrivals} connections, {self.faults}")
            return function()

    def present(self, key=None):
        """The sessions of all who said hello, or those of one key."""
        with self.changed:
            return [session for session in self.sessions
                if session.there() and (key is None or
                session.key.spki == key.spki)]

    def wait_present(self, key, number=1, timeout=websocket.TIMEOUT):
        """Waits until that many with that key are there; the latest one."""
        return self.wait(lambda: len(self.present(key)) >= number and
            self.present(key)[-1], "a hello", timeout)

    def check_faults(self):
        case.same(self.faults, [], "what clients did")

    # What it says

    def user(self, key=None, dialect=olaf.PLAIN):
        """One more user."""
        user = User(key or olaf.LightKey(), dialect)
        self.users.append(user)
        return user

    def list_text(self):
        if self.listing is not None:
            return self.listing
        pems = [session.pem for session in self.present()]
        pems = list(dict.fromkeys(pems))
        return client_list([(self.address, [user.pem for user in self.users]
            + pems), *((address, [user.pem for user in users])
            for address, users in self.elsewhere)])

    def push(self):
        """The list, to everybody, unasked."""
        self._give(self.present(), self.list_text())

    def deliver(self, text, without=None):
        """What somebody wrote, to everybody: in this server's spelling,
        which is returned."""
        text = AGAIN[self.manners.again](text)
        with self.order:
            if "message" in self.manners.push:
                self.push()
            self._give([session for session in self.present()
                if session is not without], text)
        return text

    def say(self, text):
        """Text, or octets, to everybody, as it is."""
        self._give(self.present(), text)

    def _give(self, sessions, text):
        with self.order:
            for session in sessions:
                try:
                    session.give(text)
                except OSError:
                    pass		# its reader tells

    # What it hears

    def take(self, session, text):
        """A message of a client's."""
        try:
            message = json.loads(text)
        except ValueError:
            message = {}
        with self.changed:
            session.texts.append(text)
            self.changed.notify_all()
        if message.get("type") == "client_list_request":
            self._asked(session)
        elif message.get("type") == "signed_data":
            self._signed(session, olaf.Message(text.encode()))
        else:
            self.faults.append(f"a client sent {text[:200]}")

    def _asked(self, session):
        lists = self.manners.lists
        if lists == "always" or (lists == "hello" and session.there()):
            self._give([session], self.list_text())

    def _signed(self, session, message):
        if message.data.get("type") == "hello":
            key = olaf.PublicKey.parse(message.data["public_key"])
        else:
            key = session.key
        if key is None or message.form(key) is None:
            self.faults.append(f"no hello, or a bad signature: "
                f"{message.text[:200]}")
            return
        with self.order:
            latest = self.counters.get(key.spki, 0)
            self.counters[key.spki] = max(latest, message.counter)
        with self.changed:
            session.messages.append(message)
            self.changed.notify_all()
        if self.strict and message.counter <= latest:
            self.error(session, "replayed", message.counter)
        elif message.data["type"] == "hello":
            self._hello(session, key, message.data["public_key"])
        else:
            self._chat(session, message)

    def _hello(self, session, key, pem):
        if self.manners.takeover:
            for older in self.present(key):
                if older is not session:
                    older.shut(4001, "taken over")
        with self.changed:
            session.key, session.pem = key, pem
            self.changed.notify_all()
        if self.manners.lists == "early":
            self._give([session], self.list_text())
        if "join" in self.manners.push:
            self.push()

    def _chat(self, session, message):
        if self.on_chat:
            self.on_chat(session)
        elif self.refuse:
            code, sentence, told = self.refuse if isinstance(self.refuse,
                tuple) else (self.refuse, SENTENCE, True)
            self.error(session, code, message.counter if told else None,
                sentence)
        else:
            self.deliver(message.text,
                None if self.manners.echo else session)

    def error(self, session, code, counter=None, sentence=SENTENCE):
        answer = {"type": "error", "error": code, "message": sentence}
        if counter is not None:
            answer["counter"] = counter
        self._give([session], json.dumps(answer))

    def messages(self, kind=None, key=None):
        """What was signed and sent, of a type (D's) and a key, in order of
        connections."""
        with self.changed:
            return [message for session in self.sessions
                for message in session.messages
                if kind in (None, message.data.get("type")) and
                (key is None or (session.key is not None and
                session.key.spki == key.spki))]


def client_list(servers, separators=(", ", ": ")):
    """The text of a client_list from (address, PEMs); either may be
    anything."""
    return json.dumps({"type": "client_list", "servers": [
        {"address": address, "clients": pems} for address, pems in servers]},
        separators=separators)
