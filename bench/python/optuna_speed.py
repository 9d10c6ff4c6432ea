"""CPU time of one more trial of Optuna's TPE with 10 parameters: optuna_speed.py TRIALS...; at most about 40 seconds a size and sampler."""
import statistics
import sys
import time
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import create_trial

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
SPACE = {
    "f0": FloatDistribution(0, 1), "f1": FloatDistribution(-5, 5), "f2": FloatDistribution(0, 100),
    "l0": FloatDistribution(1e-5, 1, log=True), "l1": FloatDistribution(1e-3, 1e3, log=True),
    "i0": IntDistribution(1, 10), "i1": IntDistribution(0, 1000), "i2": IntDistribution(1, 512, log=True),
    "c0": CategoricalDistribution(["a", "b", "c", "d"]), "c1": CategoricalDistribution(["x", "y"]),
}


def measure(trials, multivariate):
    source = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    finished = []
    for _ in range(trials):
        params = source.ask(SPACE).params
        finished.append(create_trial(params=params, distributions=SPACE, value=(params["f0"] - 0.3) ** 2 + ((params["f1"] - 1) / 10) ** 2))
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1, multivariate=multivariate))
    study.add_trials(finished)
    times = []
    end = time.monotonic() + 15
    while len(times) < 30 and (time.monotonic() < end or len(times) < 3):
        start = time.process_time()
        trial = study.ask(SPACE)
        study.tell(trial, (trial.params["f0"] - 0.3) ** 2 + ((trial.params["f1"] - 1) / 10) ** 2)
        times.append(1000 * (time.process_time() - start))
    name = f"optuna {optuna.__version__} " + ("multi" if multivariate else "uni")
    print(f"{name:<22} {trials:7d} {statistics.median(times):9.3f} {statistics.mean(times):9.3f} {'':12}", flush=True)


for multivariate in (True, False):
    for trials in sys.argv[1:]:
        measure(int(trials), multivariate)
