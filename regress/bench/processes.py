"""The processes of a benchmark: servers, whose cost is measured, and the load.

What a process costs is read from Linux's /proc: time on a CPU, to the nanosecond,
from each thread's schedstat (stat has the same time, in ticks of 10 ms), and memory
from smaps_rollup.
"""

import contextlib
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
START_SECONDS = 20

CONF = """
address "localhost:{port}"
listen on 127.0.0.1 port {port}{tls}
control socket "{dir}/olafd.sock"
state directory "{dir}/state"
limits {{
    clients 19900
    clients per address 19900
    messages 1000000 per second burst 1000000
    hellos 1000000 per minute
    idle ping 1h
}}
"""
TLS = """ tls
tls certificate "{dir}/tls.crt" key "{dir}/tls.key"
"""
NEIGHBOUR = """
neighbour "localhost:{port}" {{
    connect 127.0.0.1 port {port}
    key "{key}.pub"
}}
"""


class Failed(Exception):
    """A program did not do what it should."""


def free_ports(count):
    """TCP ports of 127.0.0.1 that nobody listens on."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(socket.socket()) for _ in range(count)]
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in socks]


def free_port():
    """One of them."""
    return free_ports(1)[0]


def cpu_seconds(pid):
    """Time that the process has had on a CPU, over its threads."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def memory_octets(pid):
    """Its memory, shared pages by their share."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return int(re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M)[1]) * 1024


class Cpus:
    """One CPU for the servers, one for the load, if there are two."""

    def __init__(self):
        cpus = sorted(os.sched_getaffinity(0))
        self.pinned = len(cpus) > 1
        self.server = {cpus[0]}
        self.load = {cpus[1]} if self.pinned else self.server


class Process:
    """A program that is started, perhaps with children, and ended."""

    def __init__(self, args, cpus, **options):
        self.process = subprocess.Popen(args, preexec_fn=lambda:
            os.sched_setaffinity(0, cpus), **options)

    def end(self):
        """Ends it and waits for it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Server(Process):
    """A server on a free port, with its output in a file."""

    def __init__(self, args, cpus, directory, port, ready):
        self.ports = [port]
        self.log = f"{directory}/log"
        with open(self.log, "wb") as log:
            super().__init__(args, cpus, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while ready not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise Failed(f"{args[0]} does not start:\n{self.output()}")
            time.sleep(0.02)

    def output(self):
        """All that it printed."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def pids(self):
        """Process ids by name."""
        return {"node": self.process.pid}

    def cpu(self):
        """Seconds on a CPU by process."""
        return {name: cpu_seconds(pid) for name, pid in self.pids().items()}

    def memory(self):
        """Octets by process."""
        return {name: memory_octets(pid) for name, pid in self.pids().items()}


class Olafd(Server):
    """Ours, with all limits raised."""

    def __init__(self, directory, cpus, settings="", tls=False, port=None):
        self.directory = directory
        os.mkdir(directory)
        if port is None:
            port = free_port()
        if tls:
            self.make_certificate()
        with open(f"{directory}/conf", "w", encoding="ascii") as file:
            file.write(CONF.format(port=port, dir=directory,
                tls=TLS.format(dir=directory) if tls else "") + settings)
        super().__init__([f"{TOP}/olafd/olafd", "-d", "-L", TOP, "-f",
            f"{directory}/conf"], cpus, directory, port, "olafd: ready")
        self.children = self.find_children()

    def make_certificate(self):
        """A key on P-256, as the manual recommends."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", f"{self.directory}/tls.key",
            "-out", f"{self.directory}/tls.crt"], check=True,
            stderr=subprocess.DEVNULL)
        os.chmod(f"{self.directory}/tls.key", 0o600)

    def find_children(self):
        """Process ids by what their titles say, the parent's too."""
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            pids = [pid] + [int(word) for word in file.read().split()]
        children = {}
        for pid in pids:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                program, role = re.match(r"(\S+): (\w+)", file.read()).groups()
            name = role if program == "olaf-keys" else program
            while name in children:
                name += "'"
            children[name] = pid
        return children

    def ctl(self, *words):
        """What olafctl has to say."""
        done = subprocess.run([f"{TOP}/olafctl/olafctl", "-j", "-s",
            f"{self.directory}/olafd.sock", *words], capture_output=True,
            text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"olafctl {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout)

    def count(self, counter):
        """What the counter of that name says."""
        group, name = counter.split(".")
        return self.ctl("show", "stats")[group][name]

    def pids(self):
        return self.children

    def pin(self, name, cpus):
        """Gives one process another CPU than the rest."""
        os.sched_setaffinity(self.children[name], cpus)


class Neighbourhood(contextlib.ExitStack):
    """Several of ours, each the neighbour of all others, with both links up."""

    NAMES = "ABC"

    def __init__(self, directory, cpus, count, settings=""):
        super().__init__()
        os.mkdir(directory)
        keys = [f"{directory}/{name}.key" for name in self.NAMES[:count]]
        for key in keys:
            subprocess.run([f"{TOP}/olafctl/olafctl", "genkey", key],
                stdout=subprocess.DEVNULL, check=True)
        self.ports = free_ports(count)
        self.servers = {}
        try:
            for name, key, port in zip(self.NAMES, keys, self.ports):
                self.servers[name] = self.enter_context(Olafd(
                    f"{directory}/{name}", cpus, settings
                    + f'server key "{key}"\n'
                    + "".join(NEIGHBOUR.format(port=other, key=other_key)
                    for other, other_key in zip(self.ports, keys)
                    if other != port), port=port))
            self.wait_linked()
        except BaseException:
            self.close()
            raise

    def wait_linked(self):
        """Who was dialled before it listened, is dialled again at once."""
        deadline = time.monotonic() + START_SECONDS
        while missing := [(server, neighbour["name"])
                for server in self.servers.values()
                for neighbour in server.ctl("show", "neighbours")["neighbours"]
                if (neighbour["dialled"], neighbour["accepted"]) != (1, 1)]:
            if time.monotonic() > deadline:
                raise Failed(f"no link to {missing[0][1]}:\n{self.output()}")
            for server, name in missing:
                with contextlib.suppress(Failed):   # it may be linked by now
                    server.ctl("dial", name)
            time.sleep(0.1)

    def output(self):
        """All that they printed."""
        return "\n".join(f"{name}:\n{server.output()}"
            for name, server in self.servers.items())

    def cpu(self):
        """Seconds on a CPU by server and process."""
        return {f"{name} {process}": seconds
            for name, server in self.servers.items()
            for process, seconds in server.cpu().items()}

    def count(self, counter):
        """What their counters of that name say, together."""
        return sum(server.count(counter) for server in self.servers.values())


class Peer(Server):
    """The broadcast server in peer.js, from a directory that has ws."""

    def __init__(self, directory, cpus):
        port = free_port()
        os.environ["NODE_PATH"] = f"{directory}/node_modules"
        super().__init__(["node", f"{HERE}/peer.js", str(port)], cpus,
            directory, port, "ready")

    @staticmethod
    def install(directory, version):
        """Installs ws.  Returns None, or why not."""
        if shutil.which("npm") is None or shutil.which("node") is None:
            return "no npm"
        os.mkdir(directory)
        with open(f"{directory}/package.json", "w", encoding="ascii") as file:
            file.write("{}\n")
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund",
            "--ignore-scripts", "--fetch-retries=0", f"ws@{version}"],
            cwd=directory, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False)
        if done.returncode == 0:
            return None
        why = re.search(r"npm (error|ERR!) .*", done.stderr)
        return f"npm install failed: {why[0] if why else done.returncode}"


class Load(Process):
    """The clients of a server or a neighbourhood: the program load, which see."""

    def __init__(self, server, cpus, tls=False):
        self.server = server
        super().__init__([f"{HERE}/load"] + ["-t"] * tls
            + [str(port) for port in server.ports], cpus, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def expect(self, word):
        """Reads a line that begins with word, and returns the rest."""
        line = self.process.stdout.readline().strip()
        if not line.startswith(word):
            raise Failed(f"load: {line or 'ended'}; the server's log:\n"
                + self.server.output())
        return line[len(word):]

    def tell(self, line):
        """Sends a line."""
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass            # expect() says so

    def run(self, command):
        """Runs a command.  Returns what it counted and what the server spent."""
        self.tell(command)
        self.expect("ready")
        before = self.server.cpu()
        self.tell("")
        words = self.expect("done").split()
        after = self.server.cpu()
        result = {name: float(value) for name, value in
            (word.split("=") for word in words)}
        result["server"] = {name: after[name] - before[name] for name in after}
        return result

    def end(self):
        self.process.stdin.close()
        super().end()
