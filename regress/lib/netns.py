"""Network namespaces with cables between them, for tests.  Root's."""

import concurrent.futures
import ctypes
import os
import re
import shutil
import subprocess

from case import Skipped, wait_for
from daemon import alive

CLONE_NEWNET = 0x40000000
PREFIX = "olafregress"


def ip(*words, check_it=True):
    return subprocess.run(["ip", *words], check=check_it, timeout=20,
        capture_output=True, text=True)


def namespaces_left():
    """Of tests that were killed: their process is in the name."""
    for line in ip("netns", "list").stdout.splitlines():
        match = re.match(rf"({PREFIX}(\d+)x\d+)\b", line)
        if match and not alive(int(match[2])):
            ip("netns", "del", match[1], check_it=False)


class Net:
    """Namespaces, each with a loopback of its own and a veth to each other
    one; as a context."""

    def __init__(self, number):
        self.names = [f"{PREFIX}{os.getpid()}x{n}" for n in range(number)]

    def __enter__(self):
        try:
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def make(self):
        namespaces_left()
        for name in self.names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        for a in range(len(self.names)):
            for b in range(a + 1, len(self.names)):
                ip("-n", self.names[a], "link", "add", f"to{b}", "type",
                    "veth", "peer", "name", f"to{a}", "netns", self.names[b])
                for here, there in ((a, b), (b, a)):
                    ip("-n", self.names[here], "addr", "add",
                        f"{self.address(here, there)}/24", "dev",
                        f"to{there}")
                    ip("-n", self.names[here], "link", "set", f"to{there}",
                        "up")

    def __exit__(self, *_):
        for name in self.names:
            ip("netns", "del", name, check_it=False)

    def address(self, here, there):
        """That of one end, as the other must dial it."""
        a, b = sorted((here, there))
        return f"10.99.{10 * a + b}.{here + 1}"

    def cut(self, a, b, state="down"):
        """Only one end goes down: the other does not hear of it by an error
        alone."""
        ip("-n", self.names[a], "link", "set", f"to{b}", state)
        if state == "up":
            wait_for(lambda: "LOWER_UP" in ip("-n", self.names[a], "link",
                "show", f"to{b}").stdout, "the link")

    def within(self, number, function, *args, **options):
        """Calls a function in a thread that is in that namespace: sockets
        that it makes stay there."""
        def call():
            libc = ctypes.CDLL(None, use_errno=True)
            with open(f"/run/netns/{self.names[number]}") as file:
                if libc.setns(file.fileno(), CLONE_NEWNET) == -1:
                    raise OSError(ctypes.get_errno(), "setns")
            return function(*args, **options)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            return pool.submit(call).result()


def need_namespaces():
    if os.geteuid() != 0:
        raise Skipped("needs root, for network namespaces")
    if shutil.which("ip") is None:
        raise Skipped("needs ip, of iproute2")
    if subprocess.run(["ip", "netns", "exec", "nobody", "true"],
            capture_output=True, check=False).returncode == 0:
        raise Skipped("ip netns does nothing here")
