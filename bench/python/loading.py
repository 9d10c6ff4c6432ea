#!/usr/bin/env python3
"""Time and peak memory of pandas.read_csv on a file, for LoadingBenchmark: loading.py FILE"""
import resource
import sys
import time

try:
    import pandas
except ImportError:
    print("pandas is not installed")
    sys.exit()

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, cpu = time.perf_counter(), time.process_time()
table = pandas.read_csv(sys.argv[1], sep="\t", dtype="float32")
print(f"pandas {pandas.__version__}: {time.perf_counter() - start:.2f} s wall, {time.process_time() - cpu:.2f} CPU s, "
      f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB ({before / 1000:.0f} MB before), {table.shape}")
