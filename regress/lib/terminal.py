"""A terminal with olaf's chat screen in it, by tmux: keys in, the screen as
text out."""

import os
import shutil
import subprocess

import case

TIMEOUT = 20


class Terminal:
    """Runs a command in a terminal, as a context.  client: the client.Client
    that it belongs to."""

    server = 0

    def __init__(self, client, *args, width=80, height=24, env=None):
        if shutil.which("tmux") is None:
            raise case.Skipped("no tmux here")
        Terminal.server += 1
        self.socket = os.path.join(os.environ.get("TMPDIR", "/tmp"),
            f"tmux-{os.getpid()}-{Terminal.server}")
        self.environment = {**client.environment(), "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8", **(env or {})}
        self.environment.pop("TERM", None)
        self.environment.pop("TMUX", None)
        self.environment["TERM"] = "xterm-256color"
        # What the program says when it ends stays to be read.
        self.status = os.path.join(client.home, f"status-{Terminal.server}")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width),
            "-y", str(height), "-c", client.home, "--", "sh", "-c",
            '"$@"; echo "exit $?" >"$0"; exec sleep 1000', self.status,
            *client.words(*args))

    def tmux(self, *args):
        done = subprocess.run(["tmux", "-S", self.socket, *args],
            env=self.environment, capture_output=True, timeout=TIMEOUT,
            check=False)
        if done.returncode != 0:
            raise case.Failed(f"tmux {args[:3]}: {done.stderr!r:.200}")
        return done.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"],
            capture_output=True, timeout=TIMEOUT, check=False)

    def pid(self):
        """Of olaf itself: the shell's child."""
        shell = self.tmux("list-panes", "-F", "#{pane_pid}").decode().strip()
        done = subprocess.run(["pgrep", "-P", shell, "-x", "olaf"],
            capture_output=True, text=True, check=False)
        return int(done.stdout.split()[0])

    # Keys

    def type(self, text):
        """As it is, without Enter."""
        self.tmux("send-keys", "-l", "--", text)

    def keys(self, *names):
        """By tmux's names: Enter, Tab, C-a, M-1, PageUp, Up …"""
        self.tmux("send-keys", *names)

    def enter(self, text):
        self.type(text)
        self.keys("Enter")

    def paste(self, text):
        """As a terminal does that knows of bracketed paste."""
        self.tmux("set-buffer", "--", text)
        self.tmux("paste-buffer", "-p")

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    # The screen

    def lines(self, attributes=False):
        text = self.tmux("capture-pane", "-p", *(["-e"] if attributes else []))
        return text.decode().split("\n")

    def screen(self):
        return "\n".join(self.lines())

    def input(self):
        """The line in which is typed: the lowest that is not empty."""
        return [line for line in self.lines() if line][-1]

    def wait(self, function, what, timeout=TIMEOUT):
        try:
            return case.wait_for(function, what, timeout)
        except case.Failed as why:
            raise case.Failed(f"{why}: {self.screen()!r}") from None

    def see(self, text, count=1):
        """Waits until the screen has this, at least so many times.  A text
        that was wrapped is found too."""
        def there():
            joined = "".join(line.split("\u2502")[0].strip()
                for line in self.lines())
            whole = "".join(text.split())
            return (self.screen().count(text) >= count or
                "".join(joined.split()).count(whole) >= count)
        self.wait(there, f"{text!r} on the screen")

    def see_not(self, text):
        case.check(text not in self.screen(),
            f"{text!r} is on the screen: {self.screen()!r}")

    def ended(self):
        """The exit status, once the program has ended; else None."""
        try:
            with open(self.status) as file:
                text = file.read()
        except FileNotFoundError:
            return None
        return int(text.split()[1]) if text.endswith("\n") else None

    def wait_end(self):
        self.wait(lambda: self.ended() is not None, "the end")
        return self.ended()
