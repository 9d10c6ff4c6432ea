"""Loads the machine's cores for as long as a block lasts."""

import contextlib
import os
import subprocess
import sys

# Ends by itself when its parent has gone, so that no loop outlives the experiment, however that ends.
LOOP = """
import os, sys
parent, core = int(sys.argv[1]), int(sys.argv[2])
if core >= 0:
    os.sched_setaffinity(0, {core})
while os.getppid() == parent:
    for _ in range(1000000):
        pass
"""

MODES = {
    "quiet": "nothing beside it",
    "pinned": "a busy loop bound to the other core",
    "free": "a busy loop for each core, bound to none",
}


def cores(mode):
    """One entry a loop: the core it is bound to, or -1."""
    all_cores = sorted(os.sched_getaffinity(0))
    if mode == "pinned":
        return all_cores[1:] or all_cores
    return [-1] * len(all_cores) if mode == "free" else []


@contextlib.contextmanager
def loops(mode):
    """Runs the loops of a mode and ends them."""
    running = [subprocess.Popen([sys.executable, "-c", LOOP, str(os.getpid()), str(core)]) for core in cores(mode)]
    try:
        yield
    finally:
        for loop in running:
            loop.kill()
            loop.wait()
