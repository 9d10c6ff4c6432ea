#!/usr/bin/env python3
"""Examples that PyTorch learns from in a CPU-second on one thread, for NetworksBenchmark.

    networks_speed.py SECONDS NETWORK

The networks, batches and data are those of NetworksBenchmark, each step with Adam. Prints: library, network, examples a CPU-second, peak
resident memory in MiB.
"""
import os
import resource
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

try:
    import torch
except ImportError:
    print("PyTorch is not installed")
    sys.exit()

from torch import nn


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.recurrent = kind(10, 50, batch_first=True)
        self.output = nn.Linear(50, 10)

    def forward(self, x):
        states, _ = self.recurrent(x.view(-1, 60, 10))
        return self.output(states[:, -1])


def build(name):
    if name == "cnn":
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))
    if name == "mlp":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    return Recurrent({"lstm": nn.LSTM, "gru": nn.GRU}[name])


def main():
    seconds, name = float(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = build(name)
    batch, features = (64, 784) if name in ("cnn", "mlp") else (32, 600)
    x, y = torch.rand(64 * batch, features), torch.randint(0, 10, (64 * batch,))
    loss, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=0.001)

    def run():
        steps, start = 0, time.process_time()
        while time.process_time() - start < seconds:
            rows = slice(steps % 64 * batch, (steps % 64 + 1) * batch)
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
            steps += 1
        return steps * batch / (time.process_time() - start)

    run()
    rate = run()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'PyTorch':<8} {name:<10} {rate:12,.0f} {memory:9,.0f}", flush=True)


if __name__ == "__main__":
    main()
