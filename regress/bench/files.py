"""Uploads and downloads, beside nginx; and what transfers do to chat."""

import contextlib
import json
import os
import shutil
import subprocess

from processes import HERE, Olafd, Process, Server, free_port

# Octets, and how many requests a run has.
CELLS = ((1000, 2000), (1000 * 1000, 200), (100 * 1000 * 1000, 4))
UPLOADS = ((1000, 200), (1000 * 1000, 100), (100 * 1000 * 1000, 2))
REPEAT = 3
TRANSFERS = 8               # while people chat
CHATTERS = 20
CHATS = 2000
KILO = 1000

FILES = """
files {{
    directory "{dir}/files"
    max size 1G
    quota 100G
}}
"""
NGINX = """
daemon off;
worker_processes 1;
pid {dir}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_max_body_size 1g;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
    server {{
        listen 127.0.0.1:{port}{tls};
        {keys}
        root {dir}/root;
        dav_methods PUT;
    }}
}}
"""
NGINX_KEYS = """ssl_certificate {keys}/tls.crt;
        ssl_certificate_key {keys}/tls.key;"""


class Nginx(Server):
    """nginx with one worker; TLS with the keys of another server."""

    name = "nginx"
    upload = ("PUT", "/put-#")

    def __init__(self, directory, cpus, keys):
        os.makedirs(f"{directory}/root")
        os.chmod(directory, 0o777)
        os.chmod(f"{directory}/root", 0o777)
        port = free_port()
        with open(f"{directory}/conf", "w", encoding="ascii") as file:
            file.write(NGINX.format(dir=directory, port=port,
                tls=" ssl" if keys else "",
                keys=NGINX_KEYS.format(keys=keys) if keys else ""))
        super().__init__(["nginx", "-p", directory, "-c",
            f"{directory}/conf", "-g", "error_log stderr notice;"], cpus,
            directory, port, "start worker process")
        self.directory = directory

    def pids(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            worker = file.read().split()[0]
        return {"master": pid, "worker": int(worker)}

    def keep(self, name, path):
        """Has that file to give away: its path there."""
        shutil.copy(path, f"{self.directory}/root/{name}")
        os.chmod(f"{self.directory}/root/{name}", 0o644)
        return f"/{name}"

    def forget(self):
        """Removes what was uploaded."""
        for entry in os.scandir(f"{self.directory}/root"):
            if entry.name.startswith("put-"):
                os.unlink(entry.path)


class Ours(Olafd):
    """Olafd with files."""

    name = "olafd"
    upload = ("POST", "/api/upload")

    def __init__(self, directory, cpus, tls=False):
        super().__init__(directory, cpus, "verifiers 1\necho no\n"
            + FILES.format(dir=directory), tls=tls)
        self.tls = tls

    def keep(self, _, path):
        """Uploads it."""
        scheme = "https" if self.tls else "http"
        done = subprocess.run(["curl", "-sk", "-H", "Expect:", "--data-binary",
            f"@{path}", f"{scheme}://127.0.0.1:{self.ports[0]}/api/upload"],
            capture_output=True, check=True)
        url = json.loads(done.stdout)["file_url"]
        return url[url.index("/files/"):]

    def forget(self):
        """There is room."""


class Transfers(Process):
    """The program transfer, which see."""

    def __init__(self, server, cpus, *args, tls=False):
        self.server = server
        super().__init__([f"{HERE}/transfer"] + ["-t"] * tls
            + [str(arg) for arg in (server.ports[0], *args)], cpus,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            process_group=0)
        self.process.stdout.readline()

    def begin(self):
        """Lets it go."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def run(self):
        """Returns seconds, and the server's CPU time."""
        before = self.server.cpu()
        self.begin()
        words = self.process.stdout.readline().split()
        after = self.server.cpu()
        seconds = float(words[1].split("=")[1])
        return seconds, sum(after.values()) - sum(before.values())

    def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 15)
        super().end()


def rate(size, count, seconds):
    """Requests a second, or octets."""
    if size <= KILO:
        return f"{count / seconds:,.0f}/s"
    return f"{size * count / seconds / 1e6:,.0f} MB/s"


def measure(bench, table, servers, what, size, count, args, tls):
    """One line for each server: the best of some runs, in turn."""
    best = {}
    for _ in range(REPEAT):
        for server in servers:
            with Transfers(server, bench.cpus.load, *args(server),
                    tls=tls) as transfers:
                result = transfers.run()
            server.forget()
            if server.name not in best or result < best[server.name]:
                best[server.name] = result
    for server in servers:
        seconds, cpu = best[server.name]
        table.add(server.name, what, "TLS" if tls else "plain",
            f"{size / 1e6:g} MB", rate(size, count, seconds),
            f"{cpu / count * 1e6:,.0f}")


def files_of(bench, table, tls):
    """All sizes, one connection."""
    name = "tls" if tls else "plain"
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(Ours(f"{bench.directory}/files{name}",
            bench.cpus.server, tls=tls))
        servers = [ours]
        if shutil.which("nginx"):
            servers.append(stack.enter_context(Nginx(
                f"{bench.directory}/nginx{name}", bench.cpus.server,
                ours.directory if tls else None)))
        for size, count in CELLS:
            path = f"{bench.directory}/rubbish"
            with open(path, "wb") as file:
                file.write(os.urandom(size))
            kept = {server: server.keep(f"file{size}", path)
                for server in servers}
            measure(bench, table, servers, "download", size, count,
                lambda server: (1, count, "GET", kept[server]), tls)
        for size, count in UPLOADS:
            measure(bench, table, servers, "upload", size, count,
                lambda server: (1, count, *server.upload, size), tls)
    return len(servers) > 1


def chat(bench, table):
    """The latency of chat, alone and while files go both ways."""
    with Ours(f"{bench.directory}/chat", bench.cpus.server) as server, \
            bench.load(server) as load:
        load.run(f"users {CHATTERS}")
        path = f"{bench.directory}/rubbish"
        with open(path, "wb") as file:
            file.write(os.urandom(100 * 1000 * 1000))
        kept = server.keep("", path)
        talk = f"talk {CHATS} 1 1 {CHATTERS - 1}"
        load.run(talk)
        for name, runs in (("alone", ()),
                (f"{TRANSFERS} transfers", (("GET", kept, 0),
                ("POST", "/api/upload", 1000 * 1000)))):
            with contextlib.ExitStack() as stack:
                for method, where, size in runs:
                    stack.enter_context(Transfers(server, bench.cpus.load,
                        TRANSFERS // 2, 0, method, where, size)).begin()
                result = load.run(talk)
            table.add(name, f"{result['p50']:.2f}", f"{result['p99']:.2f}")


def files(bench):
    """The whole section."""
    table = bench.table("Files, one connection", "", "", "", "size", "rate",
        "CPU µs each")
    beside = [files_of(bench, table, tls) for tls in (False, True)]
    if not all(beside):
        table.note("nginx: skipped: it is not installed")
    table.note("olafd copies and hashes an upload and syncs it to the disk "
        "before it answers; nginx leaves it in the cache")
    table = bench.table(f"Chat of {CHATTERS} beside transfers", "", "p50 ms",
        "p99 ms")
    chat(bench, table)
    table.note(f"{TRANSFERS // 2} downloads of 100 MB, {TRANSFERS // 2} uploads of "
        "1 MB, over and over")
