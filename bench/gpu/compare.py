"""Trains with PyTorch on this machine's GPU and compares what Hone reads of the trial with nvidia-smi.

    compare.py PATH_TO_HONE_BENCH [TRIALS] [SECONDS]

Needs Python with PyTorch, nvidia-smi, and the published benchmark program (publish.sh); .NET need not be installed. The status is 1 if a
figure is off by more than its tolerance or missing.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import threading
import time

here = pathlib.Path(__file__).parent
bench = sys.argv[1]
trials = int(sys.argv[2]) if len(sys.argv) > 2 else 1
seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
MIB = 1.048576
failed = False


def ask(query):
    return subprocess.run(["nvidia-smi", query, "--format=csv,noheader,nounits"], capture_output=True, text=True).stdout.split("\n")


def show(name, hone, other, tolerance, unit, absolute=False):
    global failed
    if hone is None or other is None:
        print(f"  {name:34} Hone {hone}  nvidia-smi {other}  {unit}  MISSING")
        failed |= other is not None
        return
    off = abs(hone - other) if absolute else abs(hone - other) / max(other, 1e-9)
    right = off <= tolerance
    failed |= not right
    print(f"  {name:34} Hone {hone:10.1f}  nvidia-smi {other:10.1f} {unit:6}"
          f"  off by {off if absolute else 100 * off:.1f} {'points' if absolute else '%'}  {'ok' if right else 'NOT WITHIN ' + str(tolerance)}")


def mean(rows, metric):
    values = [row[metric] for row in rows if metric in row]
    return statistics.mean(values) if values else None


print("\n".join(ask("--query-gpu=name,driver_version")).strip())
training = [
    subprocess.Popen([sys.executable, here / "train.py", str(seconds + 10), str(64 * (i + 1))], start_new_session=True, stdout=subprocess.PIPE, text=True)
    for i in range(trials)]
for process in training:
    print("trial", process.pid, process.stdout.readline().strip())  # the first report: it trains
time.sleep(3)

polls = []
ended = threading.Event()


def poll():
    watch = subprocess.Popen(
        ["nvidia-smi", "-i", "0", "--query-gpu=utilization.gpu,power.draw,memory.used", "--format=csv,noheader,nounits", "-lms", "200"],
        stdout=subprocess.PIPE, text=True)
    for line in watch.stdout:
        polls.append((time.monotonic(), *[float(field) if field.strip()[0].isdigit() else None for field in line.split(",")]))
        if ended.is_set():
            break
    watch.kill()


poller = threading.Thread(target=poll)
poller.start()
began = time.monotonic()
hone = subprocess.Popen(
    [bench, "metrics-watch", ",".join(str(process.pid) for process in training), str(seconds)], stdout=subprocess.PIPE, text=True)
rows = [(time.monotonic(), json.loads(line)) for line in hone.stdout]
apps = [line.split(",") for line in ask("--query-compute-apps=pid,used_gpu_memory") if line.strip()]
ended.set()
poller.join()
print("nvidia-smi's processes:", apps or "none listed")
print("NVML as Hone reads it:")
print(subprocess.run([bench, "metrics-gpus"], capture_output=True, text=True).stdout)

total_energy = 0.0
total_percent = 0.0
for process in training:
    mine = [(at, row) for at, row in rows if row["pid"] == process.pid]
    half = [row for at, row in mine[len(mine) // 2:]]
    print(f"trial {process.pid}, last reading:", json.dumps(half[-1]))
    listed = [float(app[1]) * MIB for app in apps if app[0].strip() == str(process.pid) and app[1].strip()[0].isdigit()]
    # Where nvidia-smi does not list the process by its number here, the only trial is held to the GPU's memory in use.
    used = listed[0] if listed else polls[-1][3] * MIB if trials == 1 else None
    show(f"memory of {process.pid}" + ("" if listed else " (GPU in use)"), mean(half, "system/gpu_memory_megabytes"), used, 0.02 if listed else 0.1, "MB")
    total_percent += mean(half, "system/gpu_percent") or 0
    known = [(at, row["system/energy_joules"]) for at, row in mine if "system/energy_joules" in row]
    if len(known) > 1:
        total_energy += known[-1][1] - known[0][1]
        first, last = known[0][0], known[-1][0]

middle = statistics.median(at for at, *_ in polls)
show("utilisation, all trials", total_percent, statistics.mean(poll[1] for poll in polls if poll[0] > middle), 15, "%", absolute=True)
powers = [(poll[0], poll[2]) for poll in polls if poll[2] is not None]
watts = statistics.mean(power for at, power in powers) if powers else None
if total_energy:
    joules = statistics.mean(power for at, power in powers if first <= at <= last) * (last - first) if powers else None
    show("energy, all trials", total_energy, joules, 0.1, "J")
else:
    show("energy, all trials", None, watts and watts * seconds, 0.1, "J")
for process in training:
    reports = process.communicate()[0].strip().split("\n")
    print("trial", process.pid, "ended:", reports[-1])
print("FAILED" if failed else "all within tolerance")
sys.exit(failed)
