"""Reference importances from Optuna's fANOVA, for tests/Hone.Tests/Analysis/FanovaTests.cs.

Optuna's evaluator leaves log scales out of account, so it is given the exponents.

Run: python3 tests/oracles/importance.py > tests/Hone.Tests/Analysis/importance.json
"""
import json
import random

import numpy
import optuna
import sklearn
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.importance import FanovaImportanceEvaluator, get_param_importances

optuna.logging.set_verbosity(optuna.logging.ERROR)

DISTRIBUTIONS = {
    "learning_rate": FloatDistribution(-4, -1),
    "batch_size": FloatDistribution(0, 9),
    "layers": FloatDistribution(1, 4),
    "penalty": CategoricalDistribution(["l1", "l2", "none"]),
    "noise": FloatDistribution(0, 1),
}


def loss(p):
    return (
        abs(p["learning_rate"] + 2)
        + 0.3 * {"l1": 0, "l2": 1, "none": 2}[p["penalty"]]
        + 0.1 * p["layers"] * p["batch_size"]
    )


rng = random.Random(7)
study = optuna.create_study()
rows = []
for _ in range(300):
    p = {
        "learning_rate": rng.uniform(-4, -1),
        "batch_size": rng.uniform(0, 9),
        "layers": rng.uniform(1, 4),
        "penalty": rng.choice(["l1", "l2", "none"]),
        "noise": rng.random(),
    }
    exponents = {"learning_rate": 10 ** p["learning_rate"], "batch_size": 2 ** p["batch_size"]}
    rows.append({"parameters": {**p, **exponents}, "loss": loss(p)})
    study.add_trial(optuna.trial.create_trial(params=p, distributions=DISTRIBUTIONS, value=loss(p)))

shares = [
    get_param_importances(study, evaluator=FanovaImportanceEvaluator(n_trees=64, max_depth=64, seed=seed)) for seed in range(5)
]
print(json.dumps({
    "versions": {"optuna": optuna.__version__, "scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "trials": rows,
    "fanova": {name: sum(s[name] for s in shares) / len(shares) for name in DISTRIBUTIONS},
}, indent=None, separators=(",", ":")))
