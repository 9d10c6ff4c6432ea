#!/usr/bin/env python3
"""A training program with switches: each of its components can be left out, as `hone ablate switches.ablation.yaml` does.

Hone says in HONE_ABLATED what to leave out, names with commas between, and in HONE_SEED which seed to use: trials that are compared get the
same. Needs nothing but Python.
"""
import json
import math
import os
import random

ABLATED = set(filter(None, os.environ.get("HONE_ABLATED", "").split(",")))
rng = random.Random(int(os.environ.get("HONE_SEED", "0")))


def has(component):
    return component not in ABLATED


def rows(count):
    """y = 2 a - b / 100 + 3 a c + noise, where b comes in hundreds: it is worth scaling, and a times c is worth knowing."""
    made = []
    for _ in range(count):
        a, b, c = rng.gauss(0, 1), rng.gauss(300, 100), rng.gauss(0, 1)
        made.append(([a, b, c], 2 * a - b / 100 + 3 * a * c + rng.gauss(0, 0.5)))
    return made


def features(x):
    a, b, c = x
    scaled = (b - 300) / 100 if has("scaling") else b / 1000
    return [1.0, a, scaled, c] + ([a * c] if has("product") else []) + ([math.sin(7 * b)] if has("sine") else [])


def main():
    training = [(features(x), y) for x, y in rows(300)]
    validation = [(features(x), y) for x, y in rows(200)]
    weights = [0.0] * len(training[0][0])
    velocity = [0.0] * len(weights)
    for epoch in range(1, 9):
        rng.shuffle(training)
        rate = 0.01 / math.sqrt(epoch) if has("decay") else 0.01
        for x, y in training:
            error = sum(w * v for w, v in zip(weights, x)) - y
            for i, v in enumerate(x):
                velocity[i] = (0.5 * velocity[i] if has("momentum") else 0) - rate * error * v
                weights[i] += velocity[i]
        loss = sum((sum(w * v for w, v in zip(weights, x)) - y) ** 2 for x, y in validation) / len(validation)
        print(json.dumps({"step": epoch, "validation_loss": loss}), flush=True)


if __name__ == "__main__":
    main()
