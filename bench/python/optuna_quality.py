"""Regret of Optuna's TPE on the problems of Sampling/Problem.cs: optuna_quality.py TRIALS SEEDS NAME..., one JSON line a problem and sampler."""
import json
import math
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
NOTHING = 100.0


def box(n, low, high, f):
    return lambda t: f([t.suggest_float(f"x{i}", low, high) for i in range(n)])


def shifted(shift, term):
    return lambda x: sum(term(v - s) for v, s in zip(x, shift))


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def ackley(x):
    z = [v - s for v, s in zip(x, [3.3, -4.1, 2.7, -5.9, 1.3])]
    n = len(z)
    return (-20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in z) / n))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in z) / n) + 20 + math.e)


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    return (math.sin(math.pi * w[0]) ** 2
            + sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def branin(t):
    x, y = t.suggest_float("x0", -5, 10), t.suggest_float("x1", 0, 15)
    return (y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann(x):
    alpha = [1.0, 1.2, 3.0, 3.2]
    a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    p = [[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
         [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]
    return -sum(alpha[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j]) ** 2 for j in range(6))) for i in range(4))


def mixed(t):
    optimizer = ["sgd", "momentum", "adam", "rmsprop"].index(t.suggest_categorical("optimizer", ["sgd", "momentum", "adam", "rmsprop"]))
    lr = t.suggest_float("lr", 1e-5, 1, log=True)
    batch = t.suggest_int("batch", 8, 512, log=True)
    layers = t.suggest_int("layers", 1, 6)
    dropout = t.suggest_float("dropout", 0, 0.7)
    activation = ["relu", "tanh", "gelu"].index(t.suggest_categorical("activation", ["relu", "tanh", "gelu"]))
    return ([0.03, 0.01, 0, 0.02][optimizer] + [0.01, 0.03, 0][activation]
            + 0.15 * (math.log10(lr) - [-0.7, -1.5, -3, -3.3][optimizer]) ** 2 + 0.01 * math.log2(batch / 64) ** 2
            + 0.02 * (layers - 4) ** 2 + 0.3 * (dropout - 0.23) ** 2)


def cash(t):
    algo = t.suggest_categorical("algo", ["forest", "svm", "boost", "knn"])
    if algo == "forest":
        depth, features = t.suggest_int("depth", 1, 20), t.suggest_float("features", 0.1, 1)
        return 0.07 + 0.04 * ((depth - 12) / 20) ** 2 + 0.03 * (features - 0.5) ** 2
    if algo == "svm":
        c, gamma = t.suggest_float("c", 1e-3, 1e3, log=True), t.suggest_float("gamma", 1e-4, 10, log=True)
        return 0.3 * (1 - math.exp(-(math.log10(c) - 1.2) ** 2 / 0.8 - (math.log10(gamma) + 1.9) ** 2 / 0.5))
    if algo == "boost":
        shrinkage, trees = t.suggest_float("shrinkage", 1e-3, 1, log=True), t.suggest_int("trees", 10, 1000, log=True)
        return 0.05 + min(0.2, 0.08 * (math.log10(shrinkage) + 1.1) ** 2 + 0.08 * (math.log10(trees) - 2.4) ** 2)
    return 0.12 + 0.1 * ((t.suggest_int("k", 1, 50) - 9) / 50) ** 2


def models(t):
    model = t.suggest_categorical("model", ["linear", "tree", "net"])
    if model == "linear":
        return 0.15 + 0.002 * (math.log10(t.suggest_float("ridge", 1e-6, 1e2, log=True)) + 2) ** 2
    if model == "tree":
        depth, eta = t.suggest_int("depth", 1, 20), t.suggest_float("eta", 1e-3, 1, log=True)
        return 0.08 + min(0.3, 0.002 * (depth - 6) ** 2 + 0.1 * (math.log10(eta) + 1) ** 2)
    lr, decay = t.suggest_float("lr", 1e-6, 1, log=True), t.suggest_float("decay", 1e-6, 1e-1, log=True)
    width = t.suggest_int("width", 8, 2048, log=True)
    return 0.4 * (1 - math.exp(-(math.log10(lr) + 3) ** 2 / 0.6 - (math.log10(decay) + 4) ** 2 / 2 - (math.log2(width) - 8) ** 2 / 6))


def network(t):
    optimizer = t.suggest_categorical("optimizer", ["sgd", "adam"])
    rate = math.log10(t.suggest_float("lr", 1e-5, 1, log=True))
    if optimizer == "adam":
        value = 0.03 + 0.1 * (rate + 3) ** 2 + 0.01 * (math.log10(t.suggest_float("slack", 1e-4, 1e-1, log=True)) + 3) ** 2
    elif t.suggest_categorical("momentum", ["off", "on"]) == "off":
        value = 0.06 + 0.1 * (rate + 0.5) ** 2
    else:
        beta, nesterov = t.suggest_float("beta", 0.5, 0.99), t.suggest_categorical("nesterov", ["no", "yes"])
        value = 0.1 * (rate + 1.5) ** 2 + 0.3 * (beta - 0.9) ** 2 + (0 if nesterov == "yes" else 0.01)
    depth = t.suggest_int("depth", 1, 3)
    value += [0.05, 0, 0.01][depth - 1]
    for i in range(depth):
        value += 0.01 * (math.log2(t.suggest_int(f"width{i + 1}", 8, 512, log=True)) - [7, 6, 5][i]) ** 2
    return value


def ball(t):
    x = [t.suggest_float(f"x{i}", -5, 5) for i in range(4)]
    t.set_user_attr("c", sum((v - s) ** 2 for v, s in zip(x, [1, -2, 1.5, -1])) - 9)
    return sum(x)


PROBLEMS = {
    "sphere5": (box(5, -5, 5, shifted([1.7, -2.3, 3.1, -0.9, 2.4], lambda z: z * z)), 0),
    "rosenbrock5": (box(5, -2.048, 2.048, rosenbrock), 0),
    "rastrigin5": (box(5, -5.12, 5.12, shifted([1.1, -1.7, 2.3, -0.6, 1.9], lambda z: z * z + 10 - 10 * math.cos(2 * math.pi * z))), 0),
    "ackley5": (box(5, -10, 10, ackley), 0),
    "levy5": (box(5, -10, 10, levy), 0),
    "branin2": (branin, 0.39788735772973816),
    "hartmann6": (box(6, 0, 1, hartmann), -3.322368011391339),
    "lr_surrogate": (mixed, 0),
    "cash": (cash, 0),
    "models": (models, 0),
    "network": (network, 0),
    "constrained_ball4": (ball, -6.5),
}


def regret(name, trials, seed, **settings):
    objective, optimum = PROBLEMS[name]
    constrained = name.startswith("constrained")
    if constrained:
        settings["constraints_func"] = lambda t: (t.user_attrs["c"],)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, **settings))
    study.optimize(objective, n_trials=trials)
    values = [t.value for t in study.trials if not constrained or t.user_attrs["c"] <= 0]
    return min(values, default=NOTHING + optimum) - optimum


if __name__ == "__main__":
    trials, seeds = int(sys.argv[1]), int(sys.argv[2])
    kinds = {"multivariate": {"multivariate": True}, "group": {"multivariate": True, "group": True}}
    for name in sys.argv[3:] or PROBLEMS:
        for kind in (kinds if name in ("cash", "models", "network") else ["multivariate"]):
            start = time.process_time()
            regrets = [regret(name, trials, seed, **kinds[kind]) for seed in range(1, seeds + 1)]
            print(json.dumps({"problem": name, "sampler": kind, "regrets": regrets, "cpu_seconds": time.process_time() - start}), flush=True)
