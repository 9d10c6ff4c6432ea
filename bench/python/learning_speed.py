#!/usr/bin/env python3
"""Rows that scikit-learn's partial_fit and PyTorch take in a CPU-second on one thread, for LearningBenchmark.

    learning_speed.py SECONDS BATCH...

Random features, 784 x 10 classes as in Fashion-MNIST. Prints: library, learner, batch, rows a CPU-second.
"""
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np


def rate(step, batch, seconds):
    def run(limit):
        steps, start = 0, time.process_time()
        while time.process_time() - start < limit:
            for _ in range(10 if batch <= 32 else 1):
                step()
                steps += 1
        return steps * batch / (time.process_time() - start)

    run(seconds / 2)
    return run(seconds)


def main():
    seconds, batches = float(sys.argv[1]), [int(arg) for arg in sys.argv[2:]]
    rng = np.random.default_rng(1)
    x = rng.random((12288, 784), dtype=np.float32)
    y = rng.integers(0, 10, 12288)
    try:
        from sklearn.linear_model import SGDClassifier
    except ImportError:
        print("scikit-learn is not installed")
    else:
        for batch in batches:
            model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.001)
            model.partial_fit(x[:10], y[:10], classes=range(10))
            print("scikit-learn", "logistic", batch, round(rate(lambda: model.partial_fit(x[:batch], y[:batch]), batch, seconds)), flush=True)
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed")
        return
    torch.set_num_threads(1)
    tx, ty, tz = torch.from_numpy(x), torch.from_numpy(y), torch.rand(12288, 1)
    learners = {
        "logistic": (lambda: torch.nn.Linear(784, 10), torch.nn.CrossEntropyLoss(), ty),
        "linear": (lambda: torch.nn.Linear(784, 1), torch.nn.MSELoss(), tz),
        "mlp": (lambda: torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)),
                torch.nn.CrossEntropyLoss(), ty),
    }
    for name, (make, loss, target) in learners.items():
        for batch in batches:
            model = make()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
            place = [0]

            def step():
                rows = torch.arange(place[0], place[0] + batch) % 12288
                place[0] += batch
                optimizer.zero_grad()
                loss(model(tx[rows]), target[rows]).backward()
                optimizer.step()

            print("PyTorch", name, batch, round(rate(step, batch, seconds)), flush=True)


if __name__ == "__main__":
    main()
