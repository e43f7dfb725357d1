"""Reads case files: see README."""

import re

UNITS = {"": 1, "K": 1024, "M": 1024 * 1024}
ITEM = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|0x((?:[0-9a-fA-F]{2})+))'
    r"(?:\*(\d+)([KM]?))?(?:\s+|$)")
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|.)')
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", '"': b'"', "\\": b"\\"}
LAST = ("expect eof", "bye", "reset")


class Wrong(Exception):
    """A case file is wrong: the tests are, not what is tested."""


def number(text):
    """With K or M, or none."""
    return int(text.rstrip("KM")) * UNITS[text.lstrip("0123456789")]


def unescape(text):
    parts, end = [], 0
    for match in ESCAPE.finditer(text):
        parts.append(text[end:match.start()].encode())
        what = match[1]
        if what[0] == "x" and len(what) == 3:
            parts.append(bytes.fromhex(what[1:]))
        else:
            parts.append(ESCAPES[what])
        end = match.end()
    return b"".join([*parts, text[end:].encode()])


def data(text):
    """The octets that DATA stands for."""
    parts, at = [], len(text) - len(text.lstrip())
    while at < len(text):
        match = ITEM.match(text, at)
        if not match:
            raise Wrong(f"no data: {text[at:]}")
        octets = (bytes.fromhex(match[2]) if match[1] is None
            else unescape(match[1]))
        if match[3]:
            octets *= int(match[3]) * UNITS[match[4]]
        parts.append(octets)
        at = match.end()
    return b"".join(parts)


class Step:
    """A verb and the rest of its line."""

    def __init__(self, text, where):
        self.verb, _, self.rest = text.partition(" ")
        self.where = where

    def __str__(self):
        return f"{self.where}: {self.verb} {self.rest}".rstrip()[:120]

    def filled(self, values):
        return Step(fill(f"{self.verb} {self.rest}", values), self.where)


def fill(text, values):
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


class Case:
    def __init__(self, name, steps):
        self.name = name
        self.steps = steps


class Reader:
    """What is known in the middle of a file."""

    def __init__(self, path):
        self.path = path
        self.cases = []
        self.begin = []
        self.name = None
        self.steps = []		# of the block that is being read
        self.lists = []		# (name, values) of its "each" lines
        self.values = None	# where lines with | go

    def read(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for line_number, line in enumerate(lines, 1):
            where = f"{self.path.rsplit('/', 1)[1]}:{line_number}"
            try:
                self.line(line, where)
            except (Wrong, ValueError, KeyError) as why:
                raise Wrong(f"{where}: {why}") from why
        self.end_block()
        return self.cases

    def line(self, line, where):
        text = line.lstrip()
        if text == "" or text[0] == "#":
            return
        word, _, rest = text.partition(" ")
        if line[0] == "\t":
            self.steps.append(Step(text, where))
        elif word == "|":
            self.values.append(rest)
        elif word == "each":
            name, *self.values = rest.split()
            self.lists.append((name, self.values))
        elif (word, bool(rest)) in (("case", True), ("begin", False)):
            self.end_block()
            self.name = rest
        else:
            raise Wrong(f"neither case, begin nor each: {line}")

    def end_block(self):
        if self.name == "":
            self.begin = self.steps
        elif self.name is not None:
            self.add_cases()
        self.name, self.steps, self.lists = None, [], []

    def add_cases(self):
        steps = self.begin + self.steps
        last = [f"{step.verb} {step.rest}".strip() for step in steps
            if step.verb != "counts"][-1]
        if last not in LAST:
            raise Wrong(f"{self.name}: a case can't end with {last}")
        rows = [{}]
        for name, values in self.lists:
            if not values:
                raise Wrong(f"{self.name}: no values for {name}")
            rows = [{**row, name: value} for row in rows for value in values]
        for row in rows:
            name = fill(self.name, row)
            self.cases.append(Case(name if len(name) < 100 else
                name[:96] + " ...", [step.filled(row) for step in steps]))


def read(path):
    return Reader(path).read()
