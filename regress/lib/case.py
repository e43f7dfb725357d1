"""What the scenario tests are written with: cases, checks, waiting."""

import os
import sys
import time
import traceback

failed = False


class Failed(Exception):
    """Something is not as it must be."""


class Skipped(Exception):
    """The case can't be run here."""


def run(name, function, *args):
    """Runs a case and prints its line; True if it passed."""
    global failed
    begin = time.monotonic()
    try:
        function(*args)
    except Skipped as why:
        print(f"skip - {name}: {why}")
        return False
    except Exception as why:
        failed = True
        text = " ".join(f"{type(why).__name__} {why}".split())
        print(f"not ok - {name}: {text[:400]}")
        traceback.print_exc()
        return False
    print(f"ok - {name}")
    if os.environ.get("OLAF_TIMES"):
        print(f"{time.monotonic() - begin:8.2f} s {name}", file=sys.stderr)
    return True


def finish():
    sys.exit(1 if failed else 0)


def check(condition, why):
    if not condition:
        raise Failed(why)


def same(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what} is {got!r:.300}, not {wanted!r:.300}")


def wait_for(function, what, timeout=15):
    """Asks until the answer is true, which is returned."""
    deadline = time.monotonic() + timeout
    while True:
        answer = function()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {timeout} seconds")
        time.sleep(0.01)
