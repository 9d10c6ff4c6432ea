"""What psutil needs to read memory, CPU time and I/O of a process and of its tree: psutil_cost.py PID READINGS"""
import sys
import time

import psutil

root = psutil.Process(int(sys.argv[1]))
readings = int(sys.argv[2])


def read(process):
    with process.oneshot():
        process.memory_info()
        process.cpu_times()
        process.io_counters()


def cost(work):
    work()
    before = time.process_time()
    for _ in range(readings):
        work()
    return (time.process_time() - before) / readings * 1e6


def read_tree():
    for process in [root] + root.children(recursive=True):
        read(process)


print(f"    psutil {psutil.__version__}: {cost(lambda: read(root)):.1f} µs for one process,"
      f" {cost(read_tree):.0f} µs for its tree of {1 + len(root.children(recursive=True))}")
