"""olaf-net between an olaf and a server that are both the test."""

import socket
import threading

from helpers import Net
from neighbour import Accepted
from olaf import Client, Dialect, test_key
from otherserver import client_list
import case
import websocket

REQUEST = '{"type":"client_list_request"}'
OWN, ALICE, BOB = (test_key(n) for n in (1, 2, 3))


def pair():
    """Both ends of a TCP connection: the client's and the server's."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client, server


class Talk:
    """olaf-net and a server at the other end, open."""

    def __init__(self, users=(ALICE,), key=OWN, **options):
        self.net = Net(key)
        client, server = pair()
        self.net.open(client, **options)
        self.server = Accepted(server)
        self.net.expect("up")
        if users:
            self.list([("here", [user.pem for user in users])])

    def __enter__(self):
        self.net.__enter__()
        return self

    def __exit__(self, *why):
        self.server.sock.close()
        self.net.__exit__(*why)

    def list(self, servers):
        self.server.send(client_list(servers))
        for address, pems in servers:
            self.net.expect("server", address)
        return self.net.expect("listed")

    def requested(self, timeout=5):
        case.same(self.server.recv(timeout).decode(), REQUEST, "the request")

    def down(self, *event):
        return self.net.expect("down", *event)


def user(key, dialect=Dialect(), **options):
    return Client(None, key, dialect, **options)


def chat_text(sender, recipients, text, dialect=Dialect(), counter=1, **options):
    one = user(sender, dialect)
    return one.write(one.chat_data(recipients, text, ["here"] *
        len(recipients), **options), counter)


def frame(payload, opcode=websocket.TEXT):
    if isinstance(payload, str):
        payload = payload.encode()
    return websocket.frame(opcode, payload, masked=False)


def start(function):
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread
