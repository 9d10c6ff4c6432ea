#!/usr/bin/env python3
"""Rows that scikit-learn's partial_fit and PyTorch take in a CPU-second on one thread, for LearningBenchmark.

Reads lines "LIBRARY LEARNER BATCH SECONDS" and answers each with a number, nan for what is not there. Random features, 784 x 10 classes,
61,440 rows: as Fashion-MNIST. PyTorch picks the rows of a batch in a shuffled order, as Hone does; scikit-learn gets the first rows.
"""
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

try:
    from sklearn.linear_model import SGDClassifier
except ImportError:
    SGDClassifier = None
try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None

ROWS = 61_440
RNG = np.random.default_rng(1)
X = RNG.random((ROWS, 784), dtype=np.float32)
Y = RNG.integers(0, 10, ROWS)


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


def scikit(learner, batch):
    if SGDClassifier is None or learner != "logistic":
        return None
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.001)
    model.partial_fit(X[:10], Y[:10], classes=range(10))
    return lambda: model.partial_fit(X[:batch], Y[:batch])


def pytorch(learner, batch):
    if torch is None:
        return None
    x, labels, numbers = torch.from_numpy(X), torch.from_numpy(Y), torch.rand(ROWS, 1)
    make, loss, target = {
        "logistic": (lambda: torch.nn.Linear(784, 10), torch.nn.CrossEntropyLoss(), labels),
        "linear": (lambda: torch.nn.Linear(784, 1), torch.nn.MSELoss(), numbers),
        "mlp": (lambda: torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)),
                torch.nn.CrossEntropyLoss(), labels),
    }[learner]
    model, order, place = make(), torch.randperm(ROWS), [0]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)

    def step():
        rows = order[place[0]:place[0] + batch]
        place[0] = (place[0] + batch) % ROWS
        optimizer.zero_grad()
        loss(model(x[rows]), target[rows]).backward()
        optimizer.step()

    return step


STEPS = {}


def main():
    for line in sys.stdin:
        library, learner, batch, seconds = line.split()
        key = library, learner, int(batch)
        if key not in STEPS:
            STEPS[key] = {"scikit-learn": scikit, "pytorch": pytorch}[library](learner, int(batch))
        print(rate(STEPS[key], int(batch), float(seconds)) if STEPS[key] else "NaN", flush=True)


if __name__ == "__main__":
    main()
