"""Uploads that go on until something ends them, and whether all that was
answered is there afterwards."""

import hashlib
import os
import re
import threading

from case import check, same, wait_for
from files import (PLAIN, TLS, Cut, Http, directory, form, form_type, octets,
    path, request, stored)

WHERE = (PLAIN, TLS)


def name_of(content):
    return hashlib.sha256(content).hexdigest()


class Uploads:
    """Some that go on for ever, each of its own content, and some that have
    stopped half way.  What was sent is kept, and what was answered."""

    def __init__(self, d, number=6, size=1500000):
        self.d = d
        self.size = size
        self.sent = set()		# hashes
        self.answered = {}		# by URL
        self.lock = threading.Lock()
        self.halves = []
        for where in WHERE:
            self.halves.append(Http(d, where).send(request("POST",
                "/api/upload", ["Content-Length: 900000"]), octets(450000)))
            self.halves.append(Http(d, where).send(request("POST",
                "/api/upload", [form_type(), "Content-Length: 900000"]),
                form(octets(1000))[:900]))
        self.threads = [threading.Thread(target=self._run, args=(one,))
            for one in range(number)]
        for thread in self.threads:
            thread.start()

    def _run(self, number):
        seed = 0
        try:
            with Http(self.d, WHERE[number % 2]) as http:
                while True:
                    seed += 1
                    # From small ones, of which many are ready at once, to
                    # such as take a while to be read again.
                    content = octets(self.size >> (4 * (seed % 3)),
                        f"{number} {seed}")
                    with self.lock:
                        self.sent.add(name_of(content))
                    answer = (http.put_form if seed % 2 else http.put_raw)(
                        content)
                    if answer.status == 503:
                        return		# olaf-files went first
                    with self.lock:
                        self.answered[stored(answer)] = name_of(content)
        except (OSError, Cut):
            pass			# it was cut off

    def wait_some(self, number):
        wait_for(lambda: len(self.answered) >= number, "some answers", 30)

    def end(self):
        for thread in self.threads:
            thread.join(30)
            check(not thread.is_alive(), "an upload still waits")
        for http in self.halves:
            http.gone()
            http.sock.close()


def whole(d, uploads):
    """After a new start."""
    names = directory(d)
    check(all(re.fullmatch("[0-9a-f]{32}", name) for name in names),
        f"strangers: {names}")
    check({url[-32:] for url in uploads.answered} <= set(names),
        "what was answered is not there")
    with Http(d) as http:
        for url, name in uploads.answered.items():
            same(name_of(http.get(url).body), name, f"the hash of {url}")
        for name in set(names) - {url[-32:] for url in uploads.answered}:
            got = name_of(http.get(name).body)
            check(got in uploads.sent, f"{name} is nothing that was sent")
        state = d.ask("show", "files")
        same((state["stored"], state["uploads"]), (len(names), 0), "stored")
        same(state["bytes"], sum(int(http.ask("HEAD", path(name))[
            "Content-Length"]) for name in names), "bytes")


def clear(d):
    for name in directory(d):
        os.unlink(os.path.join(d.dir, "files", name))
