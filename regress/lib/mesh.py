"""Several olafd of one neighbourhood, and the truth about who is where."""

import concurrent.futures
import contextlib
import functools
import os
import signal
import socket
import threading

import case
import olaf
import websocket
from daemon import Daemon

# Both sides may dial at the same moment, fail, and wait twice.
LINK_TIMEOUT = 20


def block(name, connect, key=None, lines=()):
    """The text of a neighbour block; key: a file with a public key."""
    text = [f'neighbour "{name}" {{', f"\tconnect {connect}"]
    if key is not None:
        text.append(f'\tkey "{key}"')
    return "\n".join([*text, *(f"\t{line}" for line in lines), "}"])


def block_of(other, host=None, where=None, lines=()):
    """The block for another Daemon that has a key."""
    where = where or other.listen[0]
    address, *tls = where.split()
    return block(other.address, " ".join([host or address, "port",
        str(other.ports[where]), *tls]),
        os.path.join(other.dir, "server.key.pub"), lines)


def is_linked(d, name, both=True):
    """Is there a link to that neighbour, or one dialled by each?"""
    one = d.neighbours().get(name)
    if one is None or one["state"] != "linked":
        return False
    return not both or (one["dialled"] == 1 and one["accepted"] >= 1)


def wait_linked(d, *names, both=True, timeout=LINK_TIMEOUT):
    try:
        case.wait_for(lambda: all(is_linked(d, name, both)
            for name in names), f"links of {d.name}", timeout)
    except case.Failed as why:
        raise case.Failed(f"{why}: {d.neighbours()}: "
            + " | ".join(d.lines[-4:])) from None


class Ear:
    """Reads from a client in a thread, so that pings are answered while the
    test does something else.  end() it before its socket is closed: a poll
    that is under way would go on with the next file of that number."""

    def __init__(self, client):
        self.client = client
        self.texts = []
        self.closed = None
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def end(self):
        with contextlib.suppress(OSError):
            self.client.ws.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(websocket.TIMEOUT)
        self.client.ws.sock.close()

    def _read(self):
        while True:
            try:
                text = self.client.recv(3600).decode()
            except (websocket.Closed, websocket.Silence, OSError,
                    ValueError) as why:
                with self.changed:
                    self.closed = why
                    self.changed.notify_all()
                return
            with self.changed:
                self.texts.append(text)
                self.changed.notify_all()

    def wait(self, text, timeout=websocket.TIMEOUT):
        """Waits until this came."""
        with self.changed:
            self.changed.wait_for(lambda: text in self.texts or self.closed,
                timeout)
            case.check(text in self.texts, f"{text[:80]!r} did not come: "
                f"{self.closed}, {len(self.texts)} texts")


class Mesh:
    """As a context: starts the daemons, and the case "linked" waits until
    each pair has a link that each dialled.  members: (daemon, client) of
    all who have said hello, in the order of their coming."""

    def __init__(self, *names, limits=None, **options):
        limits = {"messages": "100000 per second burst 100000",
            "strikes": 1000, **(limits or {})}
        self.daemons = [Daemon(name, limits=limits, **options)
            for name in names]
        self.members = []
        self.stack = contextlib.ExitStack()
        for d in self.daemons:
            d.settings.setdefault("verifiers", 1)
            d.key = d.make_key()
            for other in self.daemons:
                if other is not d:
                    d.blocks[other.name] = functools.partial(block_of, other)

    def __enter__(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            starts = [pool.submit(d.start) for d in self.daemons]
        try:
            for start in starts:
                start.result()
            # One that did not get its port has another address now.
            for d in self.daemons:
                if d.text() != d.written:
                    case.same(d.reload().returncode, 0, "the reload")
        except BaseException:
            for d in self.daemons:
                if d.process and d.process.poll() is None:
                    d.kill()
            raise
        for d in reversed(self.daemons):
            self.stack.push(d.__exit__)
        case.run(f"{', '.join(d.name for d in self.daemons)}: linked",
            self.wait_linked)
        return self.daemons, self

    def __exit__(self, *what):
        return self.stack.__exit__(*what)

    def others(self, d):
        return [one for one in self.daemons if one is not d]

    def wait_linked(self, without=()):
        there = [d for d in self.daemons if d not in without]
        for d in there:
            wait_linked(d, *(one.address for one in there if one is not d))

    # Who is where

    def join(self, d, key=None):
        """Somebody, with a key of his own, says hello at d."""
        client = d.hello(key or olaf.LightKey())
        self.members.append((d, client))
        return client

    def forget(self, d, client):
        self.members.remove((d, client))
        d.clients.remove(client)

    def part(self, client):
        d = next(d for d, one in self.members if one is client)
        self.forget(d, client)
        client.close()

    def at(self, d):
        return [client for where, client in self.members if where is d]

    @property
    def everybody(self):
        return [client for _, client in self.members]

    def truth(self, d, without=()):
        """What d's client_list must be: itself first, the others in order of
        their addresses."""
        others = sorted((one for one in self.others(d)
            if one not in without), key=lambda one: (one.address.rsplit(
            ":", 1)[0], int(one.address.rsplit(":", 1)[1])))
        return {one.address: sorted(client.pem for client in self.at(one))
            for one in (d, *others)}

    def wait_truth(self, without=(), timeout=15):
        """Waits until the lists of all daemons, but those, are true."""
        for d in self.daemons:
            if d in without:
                continue
            wanted = self.truth(d, without)
            try:
                case.wait_for(lambda d=d, wanted=wanted: list(
                    d.users().items()) == list(wanted.items()),
                    f"a true client_list at {d.name}", timeout)
            except case.Failed as why:
                raise case.Failed(f"{why}: it has "
                    f"{sizes(d.users())}, not {sizes(wanted)}") from None

    # What they do

    def public(self, sender, message="to all"):
        """Everybody gets it, octet for octet, as the next thing: so once,
        and nothing else came before."""
        text = sender.public(message)
        self.expect(text, self.everybody)

    def expect(self, text, clients):
        for client in clients:
            client.expect(text)

    def quiet(self):
        """Nothing more came to anybody than was expected: what each says now
        is the next thing."""
        for d in self.daemons:
            for client in self.at(d)[:1]:
                self.public(client, f"quiet at {d.name}")

    # Ends

    def halt(self, d, number=signal.SIGTERM):
        """Stops a daemon that clients are connected to."""
        d.process.send_signal(number)
        for client in self.at(d):
            case.same(client.ws.wait_closed().code, 1001, "the close code")
            client.ws.sock.close()
            self.forget(d, client)
        case.same(d.wait_end(), 0, "the exit status")
        d.check_gone()

    def kill(self, d):
        """All its processes die at once."""
        d.kill()
        for client in self.at(d):
            client.ws.sock.close()
            self.forget(d, client)


def sizes(lists):
    return {address: len(keys) for address, keys in lists.items()}
