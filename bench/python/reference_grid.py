#!/usr/bin/env python3
"""Best score of a grid by a plain NumPy implementation in double precision, for GridBenchmark.

    reference_grid.py CASE

CASE is JSON: path (a TSV or TSV.gz with the column target, or a folder of IDX files), loss (squared, log, hinge, cross_entropy), hidden
(0: a linear model; else units of one hidden layer of ReLU), batch, epochs, folds, rates, alphas. Split, folds, order and scaling are the
rules that Hone documents (Permutation, Split, Standardizer); a perceptron starts from the same draws, so that the two are to agree to
rounding. Prints JSON: rate, alpha, cv (accuracy or RMSE, mean over the folds), test.
"""
import gzip
import json
import os
import sys

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def permutation(seed, n):
    with np.errstate(over="ignore"):
        z = np.uint64(seed & MASK) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.argsort(z ^ (z >> np.uint64(31)), kind="stable")


def uniforms(seed, count):
    """xoshiro256** from four outputs of SplitMix64, 53 bits a number."""
    state = []
    for _ in range(4):
        seed = (seed + GOLDEN) & MASK
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        state.append(z ^ (z >> 31))
    s0, s1, s2, s3 = state
    out = np.empty(count)
    for i in range(count):
        x = (s1 * 5) & MASK
        x = ((x << 7) | (x >> 57)) & MASK
        out[i] = (((x * 9) & MASK) >> 11) / (1 << 53)
        t = (s1 << 17) & MASK
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = ((s3 << 45) | (s3 >> 19)) & MASK
    return out


def idx(folder, name):
    path = os.path.join(folder, name)
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
        data = np.frombuffer(file.read(), dtype=np.uint8)
    sizes = [int.from_bytes(data[4 + 4 * d:8 + 4 * d].tobytes(), "big") for d in range(data[3])]
    return data[4 + 4 * data[3]:].reshape(sizes[0], -1)


def load(path):
    if os.path.isdir(path):
        x = np.concatenate([idx(path, f"{part}-images-idx3-ubyte") for part in ("train", "t10k")]) / 255.0
        return x, np.concatenate([idx(path, f"{part}-labels-idx1-ubyte") for part in ("train", "t10k")]).ravel().astype(float), True
    import pandas
    table = pandas.read_csv(path, sep="\t")
    return table.drop(columns="target").to_numpy(float), table["target"].to_numpy(float), False


class Model:
    def __init__(self, features, outputs, hidden, draws):
        self.hidden = hidden
        self.b = np.zeros(outputs)
        if hidden == 0:
            self.w = np.zeros((features, outputs))
            return
        first, second = np.sqrt(6 / features), np.sqrt(6 / (hidden + outputs))
        self.v = ((2 * draws[:features * hidden] - 1) * first).reshape(hidden, features).T.copy()
        self.w = ((2 * draws[features * hidden:features * hidden + hidden * outputs] - 1) * second).reshape(outputs, hidden).T.copy()
        self.c = np.zeros(hidden)

    def __call__(self, x):
        self.h = np.maximum(x @ self.v + self.c, 0) if self.hidden else x
        return self.h @ self.w + self.b

    def step(self, x, derivative, rate, alpha):
        z = self(x)
        d = derivative(z) / len(x)
        shrink = max(0, 1 - rate * alpha)
        if self.hidden:
            e = (d @ self.w.T) * (self.h > 0)
            gradient = x.T @ e
            self.w = self.w * shrink - rate * (self.h.T @ d)
            self.v = self.v * shrink - rate * gradient
            self.c -= rate * e.sum(0)
        else:
            self.w = self.w * shrink - rate * (x.T @ d)
        self.b -= rate * d.sum(0)


def derivative(loss, y):
    """y: numbers for squared, else labels from 0; the outputs' slopes."""
    def of(z):
        if loss == "squared":
            return z - y[:, None]
        if loss == "cross_entropy":
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            p[np.arange(len(y)), y] -= 1
            return p
        own = np.where(np.arange(z.shape[1]) == (y[:, None] if z.shape[1] > 1 else y[:, None] - 1), 1.0, -1.0)
        margin = own * z
        if loss == "hinge":
            return np.where(margin > 1, 0.0, -own)
        return -own / (np.exp(np.minimum(margin, 700)) + 1)
    return of


def train(case, x, y, outputs, rate, alpha, draws):
    model = Model(x.shape[1], outputs, case["hidden"], draws)
    with np.errstate(all="ignore"):
        for epoch in range(case["epochs"]):
            order = permutation(1000 + epoch, len(x))
            for start in range(0, len(x), case["batch"]):
                rows = order[start:start + case["batch"]]
                model.step(x[rows], derivative(case["loss"], y[rows]), rate, alpha)
    return model


def score(case, model, x, y):
    with np.errstate(all="ignore"):
        z = model(x)
        if case["loss"] == "squared":
            return float(np.sqrt(np.mean((z[:, 0] - y) ** 2)))
        winner = (z[:, 0] > 0).astype(int) if z.shape[1] == 1 else z.argmax(1)
        return float(np.mean(winner == y))


def main():
    case = json.loads(sys.argv[1])
    x, y, is_image = load(case["path"])
    order = permutation(20231, len(x))
    cut = int(np.floor(0.7 * len(x) + 1e-9))
    training, test = order[:cut], order[cut:]
    if not is_image:
        deviation = x[training].std(0)
        x = (x - x[training].mean(0)) / np.where(deviation == 0, 1, deviation)
    outputs = 1
    if case["loss"] != "squared":
        classes, y = np.unique(y, return_inverse=True)
        outputs = len(classes) if len(classes) > 2 or case["loss"] == "cross_entropy" else 1
    draws = uniforms(case["seed"], (x.shape[1] + outputs) * case["hidden"])
    sign = -1 if case["loss"] == "squared" else 1
    best = None
    for rate in case["rates"]:
        for alpha in case["alphas"]:
            scores = []
            for fold in range(case["folds"]):
                part = np.arange(cut) % 5 == fold
                model = train(case, x[training[~part]], y[training[~part]], outputs, rate, alpha, draws)
                scores.append(score(case, model, x[training[part]], y[training[part]]))
            cv = float(np.mean(scores))
            if np.isfinite(cv) and (best is None or sign * cv > sign * best[0]):
                best = (cv, rate, alpha)
    model = train(case, x[training], y[training], outputs, best[1], best[2], draws)
    print(json.dumps({"rate": best[1], "alpha": best[2], "cv": best[0], "test": score(case, model, x[test], y[test])}))


main()
