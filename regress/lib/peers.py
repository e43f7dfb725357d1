"""An olafd among servers of other makes, and what is asked of it there."""

import contextlib
import json
import threading
import time

import case
import olaf
from daemon import Daemon
from mesh import wait_linked
from neighbour import MANNERS, Neighbour

SEED_SOURCE = "127.0.0.2"
LIMITS = {"messages": "100000 per second burst 100000",
    "hellos": "100000 per minute"}


@contextlib.contextmanager
def neighbourhood(name, manners, **options):
    """A Daemon, and a Neighbour for each manner."""
    with contextlib.ExitStack() as stack:
        peers = {}
        for manner in manners:
            source = None if MANNERS[manner].hello else SEED_SOURCE
            peers[manner] = stack.enter_context(Neighbour(manner, 2,
                source=source))
        d = Daemon(name, limits={**LIMITS, **options.pop("limits", {})},
            blocks={manner: n.block() for manner, n in peers.items()},
            **options)
        d.key = d.make_key()
        yield stack.enter_context(d), peers
        case.run(f"{name}: no error, and nothing else amiss, came to a server",
            lambda: [n.check_faults() for n in peers.values()])


def lists(d, n, users=None):
    """Does the list have exactly these users of the neighbour's?"""
    wanted = sorted(user.pem for user in (n.users if users is None else
        users))
    case.wait_for(lambda: d.users().get(n.address) == wanted,
        f"{len(wanted)} users of {n.address}")


def identified(d, n):
    """Both ways; and the greeting of olafd."""
    n.dial(d)
    wait_linked(d, n.address)
    n.wait(lambda: n.up(False) and len(n.up(False)[0].texts) >= 3,
        "the greeting")
    link = n.up(False)[0]
    case.same(link.ws.host_field, n.address, "Host")
    hello = olaf.Message(link.texts[0].encode())
    case.same((hello.data, hello.form(d.key)), ({"type": "server_hello",
        "sender": d.address}, "a"), "the server_hello")
    case.same([json.loads(text)["type"] for text in link.texts[1:3]],
        ["client_update_request", "client_update"], "what follows")
    # It answers a request on the link that it came by.
    own = n.up(True)[0]
    n.wait(lambda: any('"client_update"' in text for text in own.texts),
        "the answer to client_update_request")
    lists(d, n)


def hears(clients, text):
    for client in clients:
        client.expect(text)


def add(d, n, **options):
    d.blocks[n.address] = n.block(**options)
    case.same(d.reload().returncode, 0, "the reload")


def remove(d, n):
    del d.blocks[n.address]
    case.same(d.reload().returncode, 0, "the reload")


class Bad:
    """One neighbour and some clients; refuses() sees that a text is dropped,
    counted and nothing else."""

    def __init__(self, d, n):
        self.d = d
        self.n = n
        n.dialect = olaf.PLAIN
        n.users = [n.user() for _ in range(3)]
        n.tell()
        lists(d, n)
        self.clients = [d.hello(olaf.LightKey()) for _ in range(3)]

    def shown(self):
        return self.d.neighbour(self.n.address)

    def ready(self):
        """Both links are up, whatever the last case did."""
        wait_linked(self.d, self.n.address, both=False)
        if not self.n.up(True):
            self.n.dial(self.d)
        wait_linked(self.d, self.n.address)
        lists(self.d, self.n)

    def good(self, link=None):
        """Something that gets through, and is the next thing to come; by
        the first of its users."""
        hears(self.clients, self.n.public(link=link, message="fine"))

    def try_it(self, function):
        self.ready()
        function(self)

    def refuses(self, text, refused=1, repeated=0, link=None):
        link = link or self.n.out()
        before, stats = self.shown(), self.d.stats()["neighbours"]
        link.send(text)
        self.good(link)
        after, later = self.shown(), self.d.stats()["neighbours"]
        case.same(after["refused"] - before["refused"], refused, "refused")
        case.same(later["refused"] - stats["refused"], refused,
            "in show stats")
        case.same(later["repeated"] - stats["repeated"], repeated, "repeated")
        case.same((after["state"], after["dialled"], after["accepted"],
            after["users"]), (before["state"], before["dialled"],
            before["accepted"], before["users"]), "links and users")
        self.n.check_faults()


class Watch:
    """A client that asks and chats all the time, in a thread; as a context,
    it tells at the end how long it ever waited."""

    def __init__(self, d, limit):
        self.client = d.hello(olaf.LightKey())
        self.limit = limit
        self.longest = 0
        self.rounds = 0
        self.failure = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self):
        try:
            while not self.over.is_set():
                begin = time.monotonic()
                text = self.client.public("and I?")
                while self.client.recv() != text.encode():
                    pass
                self.longest = max(self.longest, time.monotonic() - begin)
                self.rounds += 1
                self.over.wait(0.02)
        except Exception as why:
            self.failure = why

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.client.close()
        case.same(self.failure, None, "what the other client met")
        case.check(self.rounds > 0 and self.longest < self.limit,
            f"another client waited for {self.longest:.1f} seconds in "
            f"{self.rounds} rounds")
