"""An olafd with settings of a test's choice, in a directory of its own, and
what a test wants to know of it: log, processes, olafctl."""

import contextlib
import datetime
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import case
import olaf
import websocket
from standin import SANITIZER, TOP, can_be_root, sandboxed

OLAFCTL = os.path.join(TOP, "olafctl/olafctl")
# A private use area's worth of users that nobody has.
NOBODY = 54321


def free_port():
    """Below the ports that the system gives to outgoing connections."""
    while True:
        port = random.randrange(10000, 32000)
        try:
            for family, host in ((socket.AF_INET, "0.0.0.0"),
                    (socket.AF_INET6, "::1")):
                with socket.socket(family) as probe:
                    probe.bind((host, port))
        except OSError:
            continue
        return port


def free_ports(names):
    """One for each, no two the same."""
    ports = {}
    for name in names:
        port = free_port()
        while port in ports.values():
            port = free_port()
        ports[name] = port
    return ports


def alive(pid):
    """Zombies are not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def certificate(directory, name, kind="ecdsa"):
    """Makes directory/name.{crt,key}; the private key."""
    private = (ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa"
        else rsa.generate_private_key(65537, 2048))
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.utcnow()
    signed = (x509.CertificateBuilder().subject_name(subject)
        .issuer_name(subject).public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]),
            critical=False)
        .sign(private, hashes.SHA256()))
    path = os.path.join(directory, name)
    with open(path + ".crt", "wb") as file:
        file.write(signed.public_bytes(serialization.Encoding.PEM))
    with open(os.open(path + ".key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
            0o600), "wb") as file:
        file.write(private.private_bytes(serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
    return private


class Daemon:
    """As a context, it starts olafd, and at the end a case of its own checks
    that every process still lived and that all stop cleanly.

    listen: addresses, with " tls" behind where wanted.  certificates: names,
    or a dictionary of names and kinds.  settings, limits:
    names (underscores for blanks) and values.  extra: further lines.
    blocks: by name, text for the end of the configuration, or what makes it
    anew each time that it is written.  command: what starts olafd."""

    def __init__(self, name="end", listen=("127.0.0.1",), settings=None,
            limits=None, extra="", user=None, certificates=("localhost",),
            address=None, blocks=None, command=()):
        self.name = name
        self.listen = list(listen)
        self.settings = dict(settings or {})
        self.limits = {"counters": 20000, **(limits or {})}
        self.extra = extra
        self.blocks = dict(blocks or {})
        self.command = list(command)
        self.user = user
        self.dir = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        os.chmod(self.dir, 0o755)
        self.conf = os.path.join(self.dir, "olafd.conf")
        self.socket = os.path.join(self.dir, "sock")
        if not isinstance(certificates, dict):
            certificates = dict.fromkeys(certificates, "ecdsa")
        self.certificates = certificates
        for cert, kind in certificates.items():
            certificate(self.dir, cert, kind)
        if user is not None:
            for path in (self.dir, *(os.path.join(self.dir, entry)
                    for entry in os.listdir(self.dir))):
                os.chown(path, user, user)
        self.ports = free_ports(self.listen)
        self.fixed = address
        self.address = address or self.default_address()
        self.lines = []
        self.changed = threading.Condition()
        self.process = None
        self.children = {}
        self.written = None		# the latest configuration
        self.broken = False		# on purpose: no check at the end
        self.clients = []
        self.latest = {}		# of each key, for the next one's counter

    # Configuration

    def serve_files(self, settings=""):
        """Adds a files block, with these further settings; the Daemon."""
        self.blocks["files"] = (f'files {{ directory "{self.dir}/files" '
            f"{settings} }}")
        return self

    def default_address(self):
        return f"localhost:{self.ports[self.listen[0]]}"

    def text(self):
        lines = [f'address "{self.address}"',
            f'control socket "{self.socket}"',
            f'state directory "{self.dir}/state"']
        for where in self.listen:
            host, *tls = where.split()
            lines.append(" ".join(["listen on", host, "port",
                str(self.ports[where]), *tls]))
        if any(where.endswith("tls") for where in self.listen):
            lines += [f'tls certificate "{self.dir}/{cert}.crt" '
                f'key "{self.dir}/{cert}.key"' for cert in self.certificates]
        lines += [f"{name.replace('_', ' ')} {value}"
            for name, value in self.settings.items()]
        lines += ["limits {", *(f"\t{name.replace('_', ' ')} {value}"
            for name, value in self.limits.items()), "}", self.extra]
        lines += [block() if callable(block) else block
            for block in self.blocks.values()]
        lines.append("")
        return "\n".join(lines)

    def write(self, text=None):
        self.written = self.text() if text is None else text
        with open(self.conf, "w") as file:
            file.write(self.written)
        if self.user is not None:
            os.chown(self.conf, self.user, self.user)

    # Start and stop

    def start(self):
        """Starts it and waits until it listens."""
        for attempt in range(5):
            self.write()
            since = len(self.lines)
            self._spawn()
            if self.wait_line(r"olafd: ready$", 20, since, None):
                self.children = self.pids()
                return self
            log = self.lines[since:]
            self.process.wait(10)
            if not any("in use" in line for line in log):
                break
            self.ports = free_ports(self.listen)
            self.address = self.fixed or self.default_address()
        raise case.Failed("olafd did not start: " + " | ".join(log[-5:]))

    def programs(self):
        """Where the programs are: another user gets copies, for it may not
        be able to reach the tree."""
        if self.user is None:
            return TOP
        place = os.path.join(self.dir, "bin")
        for name in ("olafd", "olaf-front", "olaf-relay", "olaf-keys",
                "olaf-files"):
            os.makedirs(os.path.join(place, name), exist_ok=True)
            if not os.path.exists(os.path.join(place, name, name)):
                shutil.copy(os.path.join(TOP, name, name),
                    os.path.join(place, name))
        return place

    def _spawn(self):
        options = {}
        top = self.programs()
        if self.user is not None:
            options = {"user": self.user, "group": self.user,
                "extra_groups": []}
        self.ended = False
        self.process = subprocess.Popen([*self.command,
            os.path.join(top, "olafd/olafd"), "-d", "-L", top, "-f",
            self.conf], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, text=True, errors="replace",
            cwd=self.dir, **options)
        threading.Thread(target=self._read, args=(self.process,),
            daemon=True).start()

    def _read(self, process):
        for line in process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait_line(self, pattern, timeout=15, since=0, default=...):
        """The first line of the log, from a mark on, that matches."""
        def search():
            for line in self.lines[since:]:
                if re.search(pattern, line):
                    return line
            return "" if self.ended else None
        with self.changed:
            self.changed.wait_for(lambda: search() is not None, timeout)
            found = search()
        if found:
            return found
        if default is ...:
            raise case.Failed(f"the log never said {pattern}: "
                + " | ".join(self.lines[-4:]))
        return default

    def mark(self):
        return len(self.lines)

    def wait_end(self, timeout=15):
        """The exit status, once every process has closed the log."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.ended, timeout):
                raise case.Failed(f"still running after {timeout} seconds: "
                    + " | ".join(self.lines[-4:]))
        return self.process.wait(5)

    def stop(self):
        """As an administrator would; all that must be so at the end."""
        dead = [name for name, pid in self.children.items()
            if not alive(pid)]
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.wait_end(20)
        except case.Failed:
            self.kill()
            raise
        self.check_gone()
        if dead:
            raise case.Failed(f"died on the way: {dead}: "
                + " | ".join(self.lines[-6:]))
        case.same(status, 0, "the exit status of olafd")

    def check_gone(self):
        """Nobody is left, and no sanitizer spoke."""
        case.wait_for(lambda: not any(map(alive, self.children.values())),
            "the end of all processes", 10)
        case.check(not os.path.exists(self.socket),
            "the control socket is still there")
        noise = [line for line in self.lines if SANITIZER.search(line)]
        case.check(not noise, f"sanitizer: {noise[:3]}")

    def kill(self):
        """The last resort."""
        for pid in [self.process.pid, *self.children.values()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)
        # The log of what is started next begins behind the end of this one.
        with self.changed:
            self.changed.wait_for(lambda: self.ended, 10)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            if self.process and self.process.poll() is None:
                self.kill()
            raise

    def __exit__(self, kind, *_):
        if kind is not None:
            self.kill()
        elif not self.broken:
            self.leave()
            case.run(f"{self.name}: every process lives, clean stop",
                self.stop)
        elif self.process.poll() is None:
            self.kill()

    # What it is doing

    def ctl(self, *words, options=("-j",), timeout=15):
        """Runs olafctl: the CompletedProcess."""
        return subprocess.run([OLAFCTL, *options, "-s", self.socket, *words],
            capture_output=True, text=True, timeout=timeout, check=False)

    def ask(self, *words):
        """The answer of a command that must succeed."""
        done = self.ctl(*words)
        if done.returncode != 0:
            raise case.Failed(f"olafctl {' '.join(words)}: {done.stderr}"
                f"{done.stdout}")
        return json.loads(done.stdout)

    def pids(self):
        return {one["name"]: one["pid"]
            for one in self.ask("show")["processes"]}

    def stats(self):
        return self.ask("show", "stats")

    def refusals(self):
        return self.stats()["refusals"]

    def reload(self):
        """Writes the settings and has them taken."""
        self.write()
        return self.ctl("reload")

    # Neighbours

    def make_key(self):
        """A server key, as an administrator makes it; the olaf.Key."""
        path = os.path.join(self.dir, "server.key")
        done = self.ctl("genkey", path)
        if done.returncode != 0:
            raise case.Failed(f"olafctl genkey: {done.stdout}{done.stderr}")
        self.settings["server_key"] = f'"{path}"'
        return olaf.Key.read(path)

    def neighbours(self):
        """What olafctl says of each, by name."""
        return {one["name"]: one
            for one in self.ask("show", "neighbours")["neighbours"]}

    def neighbour(self, name):
        return self.neighbours()[name]

    def users(self):
        """The client_list: {address: keys' PEMs, sorted}."""
        client = self.open()
        try:
            return {one["address"]: sorted(one["clients"])
                for one in client.list()}
        finally:
            self.clients.remove(client)
            client.close()

    # Clients

    def open(self, key=None, where=None, **options):
        """A connection to a listener, as olaf.Client; key may be a number
        or name of a test key.  It counts on from that key's last client,
        unless told a counter."""
        where = where or self.listen[0]
        host, *tls = where.split()
        if tls:
            options.setdefault("tls", websocket.tls_context())
            options.setdefault("name", "localhost")
        if isinstance(key, (int, str)):
            key = olaf.test_key(key)
        if key in self.latest:
            options.setdefault("counter", self.latest[key].counter)
        client = olaf.connect(host, self.ports[where], key, **options)
        self.clients.append(client)
        self.latest[key] = client
        return client

    def leave(self):
        """All clients go, so that a stop need not wait for them."""
        for client in self.clients:
            client.ws.sock.close()
        self.clients = []

    def hello(self, key, **options):
        """A client that has said hello."""
        client = self.open(key, **options)
        try:
            return client.hello()
        except BaseException:
            client.ws.sock.close()
            raise

    def raw(self, where=None, **options):
        """A bare TCP connection."""
        where = where or self.listen[0]
        return websocket.connect(where.split()[0], self.ports[where],
            **options)


def need_root():
    if not can_be_root():
        raise case.Skipped("needs root and the users of etc/make-users")


def descriptors_of(pid):
    """What a process has open: number and target.  Only root may look into a
    confined one."""
    where = f"/proc/{pid}/fd"
    found = {}
    try:
        for fd in os.listdir(where):
            with contextlib.suppress(FileNotFoundError):
                found[fd] = os.readlink(f"{where}/{fd}")
    except PermissionError:
        raise case.Skipped("needs root, to look into processes") from None
    return found


def need_sandbox():
    if not sandboxed():
        raise case.Skipped("this build has no sandbox")


def pause(seconds):
    """Lets time pass, where time itself is what is tested."""
    time.sleep(seconds)
