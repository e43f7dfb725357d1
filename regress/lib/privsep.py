"""A hostile program in the place of one child: each way in which it may break
the rules ends the daemon, names it, and harms nobody's memory."""

import concurrent.futures
import os
import re
import subprocess
import sys

import standin

NAMES = {"front": "olaf-front", "relay": "olaf-relay",
    "verifier": "olaf-keys verifier", "signer": "olaf-keys signer",
    "files": "olaf-files"}
# Content that is nonsense may be taken for an answer that came too late.
MAYBE = {"ones", "zeros"}
# What ended meanwhile is nobody's, and no breach.
IGNORED = {"nobody"}


def judge(role, victim, name, kind, olafd, status):
    """What is wrong with how it went; None if all is well."""
    log = " | ".join(olafd.lines[-6:])
    if olafd.sanitizer():
        return olafd.sanitizer()[0]
    if any(re.search(r"killed by signal (4|6|7|8|11|31)$", line)
            for line in olafd.lines):
        return f"a crash: {log}"
    if status is None:
        return f"still running: {log}"
    told = any(f"{NAMES[role]} 0 broke the rules" in line
        for line in olafd.lines)
    if kind == "hangup":
        return None if status in (0, 1) else f"exit status {status}: {log}"
    if kind in IGNORED:
        return None if status == 0 and not told else \
            f"not ignored, exit status {status}: {log}"
    if kind in MAYBE and not told:
        return None if status in (0, 1) else f"exit status {status}: {log}"
    if not told:
        return f"nobody named {NAMES[role]}: {log}"
    if status != 1:
        return f"exit status {status}: {log}"
    return None


def attempt(role, case):
    victim, name, kind = case.split()
    olafd = standin.Olafd("privsep/hostile", f"{role} {case}")
    if not olafd.wait_line("hostile: attacks", 20):
        status = olafd.stop()
        why = "the attack never came: " + " | ".join(olafd.lines[-4:])
    else:
        if kind in MAYBE | IGNORED or kind == "hangup":
            # It may be ignored, or the daemon ends by itself: a stop as well
            # shows that it still works.
            olafd.wait_line(r"broke the rules|ready$|no channel left", 2)
            status = olafd.stop()
        else:
            status = olafd.end()
        why = judge(role, victim, name, kind, olafd, status)
    if status is None:
        olafd.kill()
    return case, why


def main(role):
    cases = subprocess.run([os.path.join(standin.TOP,
        "regress/privsep/hostile"), "-l", role], check=True,
        capture_output=True, text=True).stdout.splitlines()
    failed = False
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for case, why in pool.map(lambda c: attempt(role, c), cases):
            victim, name, kind = case.split()
            text = f"{role} to {victim}: {name} {kind}"
            if why is None:
                print(f"ok - {text}")
            else:
                failed = True
                print(f"not ok - {text}: {why}")
    sys.exit(failed)
