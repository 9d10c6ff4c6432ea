#!/usr/bin/env python3
"""Time and peak memory of pandas.read_csv on a file, for LoadingBenchmark: loading.py FILE"""
import sys
import time

try:
    import pandas
except ImportError:
    print("pandas is not installed")
    sys.exit()



def peak():
    """In MB; not ru_maxrss, which a process inherits from the one that started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1.024e-3


before = peak()
start, cpu = time.perf_counter(), time.process_time()
table = pandas.read_csv(sys.argv[1], sep="\t", dtype="float32")
print(f"pandas {pandas.__version__}: {time.perf_counter() - start:.2f} s wall, {time.process_time() - cpu:.2f} CPU s, "
      f"peak {peak():.0f} MB ({before:.0f} MB before), {table.shape}")
