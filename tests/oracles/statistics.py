"""Reference values from scipy, for tests/Hone.Tests/Analysis/StatisticsTests.cs and EffectsTests.cs.

Run: python3 tests/oracles/statistics.py > tests/Hone.Tests/Analysis/statistics.json
"""
import json
import sys
import warnings

import numpy as np
import scipy
from scipy import optimize, stats

sys.path.pop(0)  # this file is called statistics, as a module of the standard library is
warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def t_quantile(p, freedom):
    # stats.t.ppf of this version is good to 1e-9 only; its distribution function is exact
    return optimize.brentq(lambda t: stats.t.cdf(t, freedom) - p, -1e4, 1e4, xtol=1e-14, rtol=1e-14)


def distributions():
    for z in (-30, -8, -3, -0.5, 0, 0.1, 1.3, 4, 9):
        yield ["normal", z, 0, 0, stats.norm.cdf(z)]
    for t in (0, 0.3, 1.5, 4, 30):
        for freedom in (1, 2.5, 9, 400):
            yield ["t tail", t, freedom, 0, stats.t.sf(t, freedom)]
    for p in (0.001, 0.3, 0.5, 0.975, 0.9999):
        yield ["normal quantile", p, 0, 0, stats.norm.ppf(p)]
        for freedom in (1, 3, 30):
            yield ["t quantile", p, freedom, 0, t_quantile(p, freedom)]
    for f in (0.01, 0.8, 3, 60):
        for first, second in ((1, 1), (3, 20), (40, 7)):
            yield ["F tail", f, first, second, stats.f.sf(f, first, second)]
    for x in (0.01, 1, 7, 90):
        for freedom in (1, 4, 50):
            yield ["chi squared tail", x, freedom, 0, stats.chi2.sf(x, freedom)]
    for q in (0.5, 2, 3.5, 6):
        for k in (2, 3, 7, 20):
            yield ["range tail", q, k, 0, stats.studentized_range.sf(q, k, np.inf)]


def samples():
    yield rng.normal(5, 2, 4)
    yield rng.normal(5, 2, 5)
    yield rng.normal(0, 1, 11)
    yield rng.normal(0, 1, 12)
    yield rng.exponential(1, 9)
    yield rng.exponential(1, 40)
    yield rng.uniform(0, 1, 300)
    yield rng.normal(0, 1, 2000)
    yield np.array([1.0, 2, 4])
    yield np.array([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236.0])


def groups():
    yield [rng.normal(i, 1 + i, 6 + i) for i in range(3)]
    yield [rng.normal(0, 1, 10) for _ in range(4)]
    yield [rng.normal(0, 1, 5), rng.normal(0.5, 1, 9)]


def blocks():
    yield rng.normal(0, 1, (12, 4)) + np.arange(4) * 0.4
    yield rng.integers(0, 4, (15, 3)).astype(float)
    yield rng.normal(0, 1, (5, 6))
    yield rng.normal(0, 1, (30, 3)) + [0, 0.3, 0.4]


def repeated(b):
    n, k = b.shape
    grand = b.mean()
    columns = n * ((b.mean(0) - grand) ** 2).sum()
    rest = ((b - b.mean(0) - b.mean(1, keepdims=True) + grand) ** 2).sum()
    f = columns / (k - 1) / (rest / ((k - 1) * (n - 1)))
    return [f, stats.f.sf(f, k - 1, (k - 1) * (n - 1))]


def differences():
    yield rng.normal(0.4, 1, 5), "exact"
    yield rng.normal(0.4, 1, 17), "exact"
    yield rng.normal(0.2, 1, 50), "exact"
    yield rng.normal(0.1, 1, 80), "approx"
    yield rng.integers(-3, 5, 25).astype(float), "approx"
    yield rng.integers(-2, 3, 60).astype(float), "approx"


def pairs():
    x = rng.normal(0, 1, 30)
    yield x, x + rng.normal(0, 1, 30)
    yield rng.integers(0, 5, 40).astype(float), rng.integers(0, 6, 40).astype(float)
    yield rng.uniform(0, 1, 12), rng.uniform(0, 1, 12)
    yield x, x**3


def law():
    x = np.repeat([1.0, 2, 8, 32, 128, 512], 4)
    y = 0.01 + 2e-4 * x + rng.normal(0, 1e-3, x.size)
    fit = stats.linregress(x, y)
    t = stats.t.ppf(0.975, x.size - 2)
    return {
        "x": list(x), "y": list(y), "a": fit.intercept, "b": fit.slope, "r2": fit.rvalue**2,
        "a_half": t * fit.intercept_stderr, "b_half": t * fit.stderr,
    }


def friedman(b):
    statistic, p = stats.friedmanchisquare(*b.T)
    n, k = b.shape
    f = (n - 1) * statistic / (n * (k - 1) - statistic)
    return [statistic, p, f, stats.f.sf(f, k - 1, (k - 1) * (n - 1))]


def bca():
    data = rng.exponential(1, 40)
    result = stats.bootstrap((data,), np.mean, n_resamples=200000, batch=2000, method="BCa", random_state=1).confidence_interval
    return {"data": list(data), "low": result.low, "high": result.high}


def wilcoxon(d, mode):
    result = stats.wilcoxon(d, mode=mode)
    return [result.statistic, result.pvalue]


print(json.dumps({
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "distributions": list(distributions()),
    "shapiro": [[list(s), *stats.shapiro(s)] for s in samples()],
    "groups": [[[list(x) for x in g], *stats.bartlett(*g), *stats.f_oneway(*g)] for g in groups()],
    "blocks": [[[list(x) for x in b], *friedman(b), *repeated(b)] for b in blocks()],
    "wilcoxon": [[list(d), *wilcoxon(d, mode)] for d, mode in differences()],
    "pairs": [[list(x), list(y), *stats.spearmanr(x, y), *stats.kendalltau(x, y)] for x, y in pairs()],
    "law": law(),
    "bca": bca(),
}, indent=None, separators=(",", ":")))
