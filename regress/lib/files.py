"""File sharing in tests: an olafd that serves files, and an HTTP client that
sends what it is told, octet by octet, and judges what it reads."""

import json
import os
import random
import re
import socket
import ssl
import time

import case
import daemon
import websocket

PLAIN, TLS = "127.0.0.1", "127.0.0.1 tls"
BOUNDARY = "----a2d1b7 and 'more'"
ID = re.compile(r"[0-9a-f]{32}")
# Fields that may be repeated: lists.
LISTS = ("cache-control", "vary")


# The server

def block(d):
    lines = [f"\t{name.replace('_', ' ')} {value}"
        for name, value in d.files.items()]
    return "\n".join(["files {", *lines, "}"])


def serving(name, listen=(PLAIN, TLS), files=None, **options):
    """A Daemon with a files block; its settings stay in d.files."""
    d = daemon.Daemon(name, listen, **options)
    d.files = {"directory": f'"{d.dir}/files"', **(files or {})}
    d.blocks["files"] = lambda: block(d)
    return d


def directory(d):
    """What is in it, sorted."""
    return sorted(os.listdir(d.files["directory"].strip('"')))


def path_on_disk(d, url):
    return os.path.join(d.files["directory"].strip('"'), url[-32:])


def only(d, urls, timeout=15):
    """Waits until nothing but these files is there, and all counters agree."""
    wanted = sorted(url[-32:] for url in urls)
    deadline = time.monotonic() + timeout
    while directory(d) != wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    case.same(directory(d), wanted, "the directory")
    idle(d)
    case.same(d.ask("show", "files")["stored"], len(wanted), "files.stored")


def idle(d):
    """Waits until no transfer is under way."""
    def through():
        state = d.ask("show", "files")
        return (state["uploads"], state["upload_bytes"],
            d.stats()["front"]["transfers"]) == (0, 0, 0)
    case.wait_for(through, "the end of all transfers")


# The client

class Cut(case.Failed):
    """The connection ended before the answer did."""


class Answer:
    """status, reason, version; fields by name in small letters; body."""

    def __init__(self, head):
        line, *fields = head.split(b"\r\n")
        found = re.fullmatch(rb"(HTTP/1\.[01]) (\d{3}) ([ -~]*)", line)
        case.check(found, f"the status line is {line}")
        self.version, status, self.reason = (part.decode()
            for part in found.groups())
        self.status = int(status)
        self.fields = {}
        self.names = []
        self.body = b""
        for field in fields:
            self._field(field)

    def _field(self, field):
        found = re.fullmatch(rb"([!#-'*+.^-z|~0-9A-Z-]+): ([ -~]*)", field)
        case.check(found, f"a field of the answer is {field}")
        name, value = (part.decode() for part in found.groups())
        key = name.lower()
        self.names.append(name)
        if key in self.fields:
            case.check(key in LISTS, f"{name} is there twice")
            value = f"{self.fields[key]}, {value}"
        self.fields[key] = value

    def __getitem__(self, name):
        return self.fields.get(name.lower())

    def error(self, status):
        """Checks that it is this error, told as an error must be."""
        case.same(self.status, status, "the status")
        case.same(self["Content-Type"], "application/json", "its type")
        members = json.loads(self.body)
        case.same(list(members), ["error"], "the members of the body")
        case.check(members["error"], "the error is empty")
        case.check("no-store" in self["Cache-Control"], "it may be cached")
        return self


class Http:
    """A connection."""

    def __init__(self, d, where=PLAIN, **options):
        self.d = d
        self.tls = where.endswith(" tls")
        self.sock = d.raw(where, **options)
        if self.tls:
            try:
                self.sock = websocket.tls_context().wrap_socket(self.sock,
                    server_hostname="localhost")
            except BaseException:
                self.sock.close()
                raise
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, *octets):
        self.sock.settimeout(websocket.TIMEOUT)
        for some in octets:
            self.sock.sendall(some)
        return self

    def _fill(self, deadline):
        """Reads some more; False at the end."""
        self.sock.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            some = self.sock.recv(262144)
        except (socket.timeout, ssl.SSLWantReadError) as error:
            raise case.Failed("no answer in time, only "
                f"{self.buffer[:200]}") from error
        self.buffer += some
        return some != b""

    def _take(self, n):
        some, self.buffer = self.buffer[:n], self.buffer[n:]
        return some

    def read(self, head=False, timeout=websocket.TIMEOUT):
        """The next answer, whole; head: it has no body."""
        deadline = time.monotonic() + timeout
        answer = self.read_head(deadline)
        if not head and answer.status not in (100, 204, 304):
            case.check("content-length" in answer.fields,
                f"no length: {answer.fields}")
            self.read_body(answer, int(answer["Content-Length"]), deadline)
        return answer

    def read_head(self, deadline=None):
        deadline = deadline or time.monotonic() + websocket.TIMEOUT
        while b"\r\n\r\n" not in self.buffer:
            if not self._fill(deadline):
                raise Cut(f"the end within a head: {self.buffer[:200]}")
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        return Answer(head)

    def read_body(self, answer, length, deadline=None):
        deadline = deadline or time.monotonic() + websocket.TIMEOUT
        parts, left = [self._take(length)], length
        left -= len(parts[0])
        while left > 0:
            if not self._fill(deadline):
                raise Cut(f"{left} octets are missing")
            parts.append(self._take(left))
            left -= len(parts[-1])
        answer.body = b"".join(parts)

    def eof(self, timeout=websocket.TIMEOUT):
        """The server closes, and says nothing more."""
        deadline = time.monotonic() + timeout
        try:
            while self._fill(deadline):
                pass
        except (ConnectionError, ssl.SSLError):
            pass
        case.same(self.buffer, b"", "what came before the end")

    def gone(self, timeout=websocket.TIMEOUT):
        """The server closes, in the middle of whatever."""
        deadline = time.monotonic() + timeout
        try:
            while self._fill(deadline):
                self.buffer = b""
        except (ConnectionError, ssl.SSLError):
            pass

    # Requests

    def ask(self, method, target, fields=(), body=b"", **options):
        """Sends a request and reads the answer."""
        self.send(request(method, target, fields, body))
        return self.read(method == "HEAD", **options)

    def get(self, url, *fields):
        return self.ask("GET", path(url), fields)

    def put_raw(self, content, *fields):
        """An upload without a form: the answer."""
        return self.ask("POST", "/api/upload", fields, content)

    def put_form(self, content, name="f.bin", **options):
        """An upload as browsers do it: the answer."""
        return self.ask("POST", "/api/upload", [form_type()],
            form(content, name, **options))


def request(method, target, fields=(), body=None, version="1.1"):
    """Its octets; body None: there is none, and no length either."""
    lines = [f"{method} {target} HTTP/{version}", "Host: localhost"]
    lines += fields
    if body or (body is not None and method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(line if isinstance(line, str) else
        line.decode("latin-1") for line in lines) + "\r\n\r\n"
    return head.encode("latin-1") + (body or b"")


def form_type(boundary=BOUNDARY):
    return f'Content-Type: multipart/form-data; boundary="{boundary}"'


def part(content, disposition, *fields, boundary=BOUNDARY):
    """One with its delimiter; disposition: what follows form-data."""
    if isinstance(disposition, str):
        disposition = disposition.encode()
    return b"".join([b"--", boundary.encode(), b"\r\n",
        b"Content-Disposition: form-data", disposition, b"\r\n",
        *(field.encode() + b"\r\n" for field in fields), b"\r\n", content,
        b"\r\n"])


def closing(boundary=BOUNDARY):
    return b"--" + boundary.encode() + b"--\r\n"


def form(content, name="f.bin", field="file", boundary=BOUNDARY, more=b""):
    """A body with one file; name: as it stands between the quotes."""
    if isinstance(name, str):
        name = name.encode()
    return more + part(content, f'; name="{field}"; filename="'.encode() +
        name + b'"', "Content-Type: text/html", boundary=boundary) + \
        closing(boundary)


def chunks(content, size=1000):
    """The same octets in chunks, with the last one."""
    out = [b"%x\r\n%b\r\n" % (len(content[at:at + size]),
        content[at:at + size]) for at in range(0, len(content), size)]
    return b"".join(out) + b"0\r\n\r\n"


def stored(answer):
    """The URL that an upload's answer gives, in both its places."""
    case.same(answer.status, 200, f"the status ({answer.body[:80]})")
    case.same(answer["Content-Type"], "application/json", "its type")
    members = json.loads(answer.body)
    url = members["file_url"]
    case.same(members, {"file_url": url, "body": {"file_url": url}},
        "the body")
    case.check(ID.fullmatch(url[-32:]) and url[-33] == "/",
        f"the URL is {url}")
    return url


def path(url):
    """Of a URL, what stands in a request."""
    return url if url.startswith("/") else "/files/" + url[-32:]


def upload(d, content, where=PLAIN, **options):
    """Stores it; its URL."""
    with Http(d, where) as http:
        return stored(http.put_form(content, **options))


def fetch(d, url, where=PLAIN):
    """The octets."""
    with Http(d, where) as http:
        answer = http.get(url)
        case.same(answer.status, 200, "the status")
        return answer.body


def octets(length, seed=None):
    return random.Random(length if seed is None else seed).randbytes(length)
