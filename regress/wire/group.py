"""What the scripts of this directory share: a server, its cases, the end."""

import getopt
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

# ruff: noqa: E402
import case
import daemon
import player
import script
import websocket

USAGE = "usage: %s [-b] [word ...]"


class Server:
    """What the player needs to know of whom it talks to."""

    def __init__(self, port, witness):
        self.port = port
        self.witness = player.Witness(witness)
        self.users = player.Users()
        self.counted = {}


def read_cases(names, words):
    cases = []
    for name in names:
        cases += script.read(os.path.join(HERE, "cases", f"{name}.case"))
    return [one for one in cases if not words or
        any(word in one.name for word in words)]


def play(server, one):
    """Plays a case, for every octet of a write that it wants cut."""
    if not any(step.verb == "split" for step in one.steps):
        player.Player(server).play(one)
    else:
        cut, length = 1, 2
        while cut < length:
            it = player.Player(server, cut)
            try:
                it.play(one)
            except case.Failed as why:
                raise case.Failed(f"cut at {cut}: {why}") from why
            cut, length = cut + 1, it.length
    server.witness.barrier()


def play_spoiled(server, one):
    """Each expectation, made wrong, must be seen to be."""
    for place, step in enumerate(one.steps):
        wrong = player.spoiled(step)
        if wrong is None:
            continue
        steps = one.steps[:place] + [wrong] + one.steps[place + 1:]
        try:
            player.Player(server).play(script.Case(one.name, steps))
        except case.Failed as why:
            if str(why).startswith(wrong.where):
                continue
            raise
        raise case.Failed(f"passes with {wrong}")


def play_all(server, cases, spoil):
    for one in cases:
        case.run(one.name, play_spoiled if spoil else play, server, one)


def arguments():
    try:
        options, words = getopt.getopt(sys.argv[1:], "b")
    except getopt.GetoptError:
        sys.exit(USAGE % os.path.basename(sys.argv[0]))
    return bool(options), words


def check_counted(server, d):
    """Figures of the front are told once a second."""
    def figures():
        stats = d.stats()
        return {name: stats[name.split(".")[0]][name.split(".")[1]]
            for name in server.counted}
    try:
        case.wait_for(lambda: figures() == server.counted, "the figures", 5)
    except case.Failed:
        case.same(figures(), server.counted, "the figures")


def olafd(names, **options):
    """Plays files to an olafd with these settings and limits."""
    spoil, words = arguments()
    cases = read_cases(names, words)
    with daemon.Daemon(os.path.basename(sys.argv[0]), **options) as d:
        witness = d.hello(9)
        server = Server(d.ports["127.0.0.1"], witness.ws)
        server.counted["front.upgrades"] = 1
        play_all(server, cases, spoil)
        if not spoil:
            case.run("all of it is counted", check_counted, server, d)
        case.run("another client is undisturbed", witness.list)
        witness.close()
    case.finish()


def ws_echo(names):
    """Plays files to ws-echo."""
    spoil, words = arguments()
    cases = read_cases(names, words)
    with subprocess.Popen([os.path.join(daemon.TOP, "regress/ws-echo"), "0"],
            stdout=subprocess.PIPE, text=True) as child:
        try:
            port = int(child.stdout.readline().split()[-1])
            server = Server(port, websocket.WebSocket("127.0.0.1", port))
            play_all(server, cases, spoil)
            server.witness.ws.close()
        finally:
            child.terminate()
            status = child.wait(10)
        case.run("ws-echo ends as asked", case.same, status, 0, "status")
    case.finish()
