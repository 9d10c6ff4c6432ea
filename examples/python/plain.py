#!/usr/bin/env python3
"""Trains a tiny model in plain Python, with nothing but the standard library, and reports to Hone.

It finds the line y = 3x - 2 behind noisy points by gradient descent. What a training program needs to be tuned:

* it takes its parameters from the command line (or from HONE_PARAMETERS, a JSON object in the environment);
* it prints a line of JSON with the key "step" whenever it has something to tell, and flushes it;
* it ends with status 0 when it is done.

SIGTERM ends Python at once, which is all that stopping a trial needs. The seed comes from HONE_SEED, so that the
same trial can be run again.
"""
import argparse
import json
import os
import random


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.01, help="learning rate")
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--steps", type=int, default=3000)
    arguments = parser.parse_args()

    rng = random.Random(int(os.environ.get("HONE_SEED", "0")))
    slope, intercept = 0.0, 0.0
    slope_speed, intercept_speed = 0.0, 0.0
    held_out = [(x / 50 - 1, 3 * (x / 50 - 1) - 2) for x in range(101)]

    for step in range(1, arguments.steps + 1):
        x = rng.uniform(-1, 1)
        y = 3 * x - 2 + rng.gauss(0, 0.5)
        error = slope * x + intercept - y
        slope_speed = arguments.momentum * slope_speed - arguments.lr * error * x
        intercept_speed = arguments.momentum * intercept_speed - arguments.lr * error
        slope += slope_speed
        intercept += intercept_speed
        if step % 100 == 0:
            errors = [slope * x + intercept - y for x, y in held_out]
            loss = sum(error * error for error in errors) / len(errors)
            print(json.dumps({"step": step, "validation_loss": loss}), flush=True)


if __name__ == "__main__":
    main()
