#!/usr/bin/env python3
"""Writes optimizers.json: parameters after twelve updates, by the papers' formulas in plain NumPy, for ParameterUpdateTests.

    python3 optimizers.py > optimizers.json
"""
import json
import sys

import numpy as np

RATE, DECAY, MU, BETA1, BETA2, EPSILON, COUNT, UPDATES = 0.05, 0.1, 0.8, 0.85, 0.99, 1e-7, 11, 12


def run(name, start, gradients):
    w = start.copy()
    v, m, s = np.zeros(COUNT), np.zeros(COUNT), np.zeros(COUNT)
    for t, g in enumerate(gradients, 1):
        if name == "sgd":
            w = w * (1 - RATE * DECAY) - RATE * g
        elif name in ("momentum", "nesterov"):
            g = g + DECAY * w
            v = MU * v + g
            w = w - RATE * (v if name == "momentum" else g + MU * v)
        else:
            if name == "adam":
                g = g + DECAY * w
            else:
                w = w * (1 - RATE * DECAY)
            m = BETA1 * m + (1 - BETA1) * g
            s = BETA2 * s + (1 - BETA2) * g * g
            w = w - RATE * (m / (1 - BETA1 ** t)) / (np.sqrt(s / (1 - BETA2 ** t)) + EPSILON)
    return w.tolist()


rng = np.random.default_rng(5)
start, gradients = rng.normal(size=COUNT), rng.normal(size=(UPDATES, COUNT))
json.dump({
    "rate": RATE, "decay": DECAY, "momentum": MU, "beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON,
    "start": start.tolist(), "gradients": gradients.ravel().tolist(),
    "after": {name: run(name, start, gradients) for name in ("sgd", "momentum", "nesterov", "adam", "adam_w")},
}, sys.stdout, separators=(",", ":"))
print()
