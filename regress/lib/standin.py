"""Starts olafd with a stand-in for one of its children (lib/standin.c)."""

import os
import pwd
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

TOP = os.environ.get("OLAF_TOP") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PROGRAMS = {"front": "olaf-front", "relay": "olaf-relay",
    "verifier": "olaf-keys", "signer": "olaf-keys", "files": "olaf-files"}
SANITIZER = re.compile(r"AddressSanitizer|UndefinedBehavior|runtime error")


def sandboxed():
    """False in a build whose processes run without system call filter."""
    with open(os.path.join(TOP, "compat/have.h")) as have:
        text = have.read()
    return not re.search(r"define (HAVE_SANITIZE|WITHOUT_SANDBOX)", text)


def can_be_root():
    """Are we root, with users for the children to become?"""
    if os.geteuid() != 0:
        return False
    try:
        pwd.getpwnam("_olaffront")
    except KeyError:
        return False
    return True


class Olafd:
    """An olafd in a directory of its own, one of its programs replaced.
    files: further settings of that block."""

    def __init__(self, standin, mode, files=""):
        self.dir = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        os.chmod(self.dir, 0o755)
        role = mode.split()[0]
        bin_dir = os.path.join(self.dir, "bin")
        os.mkdir(bin_dir)
        for program in set(PROGRAMS.values()):
            real = os.path.join(TOP, program, program)
            if program == PROGRAMS[role]:
                real = os.path.join(TOP, "regress", standin)
            os.symlink(real, os.path.join(bin_dir, program))
        with open(os.path.join(bin_dir, "mode"), "w") as file:
            file.write(f"{mode}\n{TOP}\n")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.conf = os.path.join(self.dir, "olafd.conf")
        self.files = os.path.join(self.dir, "files")
        with open(self.conf, "w") as file:
            file.write(f'address "localhost:{self.port}"\n'
                f"listen on 127.0.0.1 port {self.port}\n"
                f'state directory "{self.dir}/state"\n'
                f'control socket "{self.dir}/sock"\n'
                f'files {{ directory "{self.files}" {files} }}\n'
                "verifiers 1\nlimits { counters 1000 }\n")
        self.lines = []
        self.ended = False
        self.queue = queue.Queue()
        self.process = subprocess.Popen([os.path.join(TOP, "olafd/olafd"),
            "-d", "-L", bin_dir, "-f", self.conf], stderr=subprocess.PIPE,
            text=True, errors="replace")
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            self.queue.put(line.rstrip("\n"))
        self.queue.put(None)

    def wait_line(self, pattern, timeout=10):
        """The first line that matches, or None by the deadline or the end."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self.queue.get(
                    timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if line is None:
                self.ended = True
                return None
            self.lines.append(line)
            if re.search(pattern, line):
                return line

    def end(self, timeout=10):
        """Waits until all processes have closed the log; the exit status."""
        deadline = time.monotonic() + timeout
        while not self.ended and time.monotonic() < deadline:
            try:
                line = self.queue.get(
                    timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                break
            if line is None:
                self.ended = True
            else:
                self.lines.append(line)
        return self.process.wait(timeout=5) if self.ended else None

    def stop(self):
        """Stops it as an administrator would; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def kill(self):
        """The last resort, so that nothing stays behind."""
        subprocess.run(["pkill", "-KILL", "-P", str(self.process.pid)],
            check=False)
        self.process.kill()

    def sanitizer(self):
        return [line for line in self.lines if SANITIZER.search(line)]
