"""olaf, the client, as a test uses it: a home of its own, commands that are
run to their end, and such as go on in the background.  Whatever it writes is
looked through for what must never reach a terminal."""

import base64
import contextlib
import dataclasses
import fcntl
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import termios
import threading
import time

from cryptography.hazmat.primitives import serialization

import case
import olaf
from standin import SANITIZER, TOP

OLAF = os.path.join(TOP, "olaf/olaf")
TIMEOUT = 20
# C0 but newline, DEL, C1, and what turns the direction of text or hides it.
FORBIDDEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e007f]")
PIN = re.compile(r"sha256//[A-Za-z0-9+/]{43}=")
# Of a line of listen: time, kind, labels, text.
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) "
    r"(public|private|group) ([^ ]+): (.*)")


def digits_of(fingerprint):
    """A fingerprint's digits: six groups, each of five octets modulo
    100000."""
    octets = base64.b64decode(fingerprint)
    return " ".join(f"{int.from_bytes(octets[at:at + 5], 'big') % 100000:05}"
        for at in range(0, 30, 5))


def check_clean(octets, what):
    """Nothing in it moves a cursor, and it is UTF-8."""
    try:
        text = octets.decode()
    except UnicodeDecodeError as why:
        raise case.Failed(f"{what} is no UTF-8: {octets!r:.300}") from why
    bad = FORBIDDEN.search(text)
    case.check(not bad, f"{what} has {bad and bad[0]!r}: {text!r:.300}")


def check_end(status, errors):
    """It ended by itself, and no sanitizer spoke."""
    text = errors.decode(errors="replace")
    case.check(not SANITIZER.search(text), f"sanitizer: {text[:2000]}")
    case.check(status in (0, 1, 2), f"exit status {status}: {text[:300]}")


@dataclasses.dataclass
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)

    def lines(self):
        """Each line of JSON, decoded."""
        return [json.loads(line) for line in self.out.splitlines()]

    def ok(self):
        case.same((self.status, self.err), (0, self.err), "the exit status")
        return self

    def refused(self, pattern="."):
        """Exit 1, and why is said as it must be."""
        case.same(self.status, 1, f"the exit status, with {self.err!r:.200}")
        case.check(re.match(r"olaf: .", self.err),
            f"stderr begins {self.err!r:.200}")
        case.check(re.search(pattern, self.err, re.I),
            f"stderr has no {pattern!r}: {self.err!r:.300}")
        return self

    def usage(self):
        """Exit 2: what it was asked cannot be."""
        case.same(self.status, 2, f"the exit status, with {self.err!r:.200}")
        case.check(re.search("^usage: olaf|^olaf: .", self.err, re.M),
            f"no usage: {self.err!r:.200}")
        return self


class Client:
    """A user of olaf.  key: an olaf.Key, or number of a test key, that is its
    identity; None: it has none yet.  url: for -s, None for the default.
    options: further ones.  lines: of its configuration.  command: what
    starts it.  libexec: where the helpers are."""

    def __init__(self, key=None, url=None, options=(), lines=(), command=(),
            libexec=TOP):
        self.home = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        self.dir = os.path.join(self.home, "config", "olaf")
        self.url = url
        self.options = list(options)
        self.command = list(command)
        self.libexec = libexec
        self.key = olaf.test_key(key) if isinstance(key, int) else key
        if self.key is not None:
            self.use(self.key)
        if lines:
            self.configure(*lines)

    # Its files

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def write(self, name, text, mode=0o600):
        """A file in its directory; the path."""
        os.makedirs(self.dir, mode=0o700, exist_ok=True)
        octets = text.encode() if isinstance(text, str) else text
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(name))
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT |
                os.O_TRUNC, mode), "wb") as file:
            file.write(octets)
        return self.path(name)

    def use(self, key, name="identity"):
        """Makes the file of a private key, as keygen would."""
        self.key = key
        return self.write(name, key.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))

    def configure(self, *lines):
        self.write("config", "".join(f"{line}\n" for line in lines))

    def counter(self):
        """As its file has it; 0 if there is none."""
        try:
            return int(re.search(r"\d+", self.read("identity.counter"))[0])
        except FileNotFoundError:
            return 0

    # Commands

    def environment(self):
        env = {name: value for name, value in os.environ.items()
            if not name.startswith("XDG_")}
        env.update(HOME=self.home, TERM="dumb",
            XDG_CONFIG_HOME=os.path.join(self.home, "config"))
        return env

    def words(self, *args):
        url = [] if self.url is None else ["-s", self.url]
        return [*self.command, OLAF, "-L", self.libexec, *url, *self.options,
            *args]

    def popen(self, *args, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(self.words(*args), env=self.environment(),
            cwd=self.home, **options)

    def run(self, *args, input=None, timeout=TIMEOUT):
        """Runs a command to its end, which must come in time."""
        octets = input.encode() if isinstance(input, str) else input
        process = self.popen(*args,
            stdin=subprocess.DEVNULL if octets is None else subprocess.PIPE)
        try:
            out, err = process.communicate(octets, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise case.Failed(f"olaf {' '.join(args)[:80]}: not done after "
                f"{timeout} seconds: {out[-200:]} {err[-200:]}") from None
        return finish(process.returncode, out, err, args)

    def ask(self, *args, **options):
        """What a command with -j, which must succeed, prints."""
        return self.run("-j", *args, **options).ok().json()

    def start(self, *args):
        """Runs a command in the background."""
        return Running(self.popen(*args), args)

    def listen(self, *args, ready=None):
        """Starts listen, and waits until ready() is true, if told."""
        running = self.start("listen", *args)
        if ready is not None:
            try:
                case.wait_for(lambda: ready() or running.ended(),
                    "that it listens")
                case.check(not running.ended(),
                    f"it ended: {running.lines('err')}")
            except BaseException:
                running.kill()
                raise
        return running

    def typed(self, *args, answers=(), timeout=TIMEOUT):
        """Runs a command with a terminal, on which each prompt is answered:
        answers are (pattern, text).  (Done, what the terminal showed)."""
        master, slave = os.openpty()

        def take_terminal():
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        process = self.popen(*args, start_new_session=True,
            preexec_fn=take_terminal, stdin=slave)
        os.close(slave)
        shown = answer(master, answers, process, timeout)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise case.Failed(f"olaf {args}: hangs: {shown!r}") from None
        finally:
            os.close(master)
        return finish(process.returncode, out, err, args), shown


def answer(master, answers, process, timeout):
    """Types each answer once its prompt is there and echo is off; what was
    shown."""
    shown = ""
    seen = 0
    deadline = time.monotonic() + timeout
    for pattern, text in answers:
        while not re.search(pattern, shown[seen:], re.I) or echoes(master):
            if time.monotonic() > deadline or process.poll() is not None:
                process.kill()
                raise case.Failed(f"never asked for {pattern}: {shown!r}, "
                    f"{process.communicate()}")
            if select.select([master], [], [], 0.02)[0]:
                with contextlib.suppress(OSError):
                    shown += os.read(master, 4096).decode(errors="replace")
        seen = len(shown)
        os.write(master, text.encode() + b"\n")
    return shown


def echoes(fd):
    return bool(termios.tcgetattr(fd)[3] & termios.ECHO)


def finish(status, out, err, args):
    """The Done of a command that ended, after what must always be so."""
    what = f"olaf {' '.join(map(str, args))[:60]}"
    check_end(status, err)
    for octets, stream in ((out, "stdout"), (err, "stderr")):
        if b"usage: olaf" in octets:	# its own words, in columns
            octets = octets.replace(b"\t", b" ")
        check_clean(octets, f"{stream} of {what}")
    return Done(status, out.decode(), err.decode())


class Running:
    """A command in the background, as a context: killed at its end.  Its
    lines are read as they come."""

    def __init__(self, process, args):
        self.process = process
        self.args = args
        self.octets = {"out": b"", "err": b""}
        self.open = 2
        self.changed = threading.Condition()
        self.stopped = False
        self.threads = [threading.Thread(target=self._read, args=one,
            daemon=True) for one in (("out", process.stdout),
            ("err", process.stderr))]
        for thread in self.threads:
            thread.start()

    def _read(self, stream, file):
        while True:
            octets = os.read(file.fileno(), 65536)
            with self.changed:
                self.octets[stream] += octets
                if not octets:
                    self.open -= 1
                self.changed.notify_all()
            if not octets:
                return

    @property
    def pid(self):
        return self.process.pid

    def ended(self):
        return self.process.poll() is not None

    def lines(self, stream="out"):
        """The whole ones so far."""
        with self.changed:
            text = self.octets[stream]
        return text[:text.rfind(b"\n") + 1].decode(
            errors="replace").split("\n")[:-1]

    def mark(self, stream="out"):
        return len(self.lines(stream))

    def wait(self, function, what, timeout=TIMEOUT):
        """Asks with each line that comes; the answer, once it is true."""
        with self.changed:
            if not self.changed.wait_for(lambda: function() or self.open == 0,
                    timeout) or not function():
                raise case.Failed(f"{what}: not within {timeout} seconds"
                    f"{'' if self.open else ', it ended'}: "
                    f"{self.lines()[-4:]} {self.lines('err')[-4:]}")
            return function()

    def wait_line(self, pattern, stream="out", since=0, timeout=TIMEOUT):
        """The first line, from a mark on, that matches."""
        def search():
            for line in self.lines(stream)[since:]:
                if re.search(pattern, line, re.I):
                    return line
            return None
        return self.wait(search, f"a line with {pattern!r}", timeout)

    def until(self, text, since=0, timeout=TIMEOUT):
        """The lines from a mark up to the one that has this text."""
        self.wait(lambda: any(text in line for line in self.lines()[since:]),
            f"a line with {text!r}", timeout)
        lines = self.lines()[since:]
        return lines[:next(number for number, line in enumerate(lines)
            if text in line)]

    def end(self, number=signal.SIGTERM, timeout=TIMEOUT):
        """Sends a signal, if not None, and waits for the end.  A signal that
        was sent may be what it says that it died of."""
        self.stopped = True
        if number is not None and not self.ended():
            self.process.send_signal(number)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise case.Failed(f"olaf {self.args}: still running: "
                f"{self.lines('err')[-4:]}") from None
        for thread in self.threads:
            thread.join(5)
        case.check(self.open == 0, "somebody still has its output open")
        if number is not None and status == -number:
            status = 1
        return finish(status, self.octets["out"], self.octets["err"],
            self.args)

    def kill(self):
        self.stopped = True
        if not self.ended():
            self.process.kill()
            self.process.wait(5)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.kill()
        elif not self.stopped:
            self.end()
