"""Lines through points, and intervals of means."""

import math
from dataclasses import dataclass
from statistics import fmean, stdev


@dataclass(frozen=True)
class Line:
    """y = a + b x."""

    a: float
    b: float
    r2: float  # in y's own unit
    error: float  # median of |y - fitted| / fitted

    def at(self, x):
        return self.a + self.b * x


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % interval over repeats; the half-width is None for one repeat alone."""

    value: float
    half: float | None
    count: int


def line(points):
    """Least squares with weights 1 / (a + b x)^2, since step times err in proportion to themselves; None with too few points.

    The weights come from the line itself, not from each y: else a y that is small by chance would draw the line to it.
    """
    points = [(x, y) for x, y in points if math.isfinite(y)]
    if len({x for x, _ in points}) < 3:
        return None
    floor = max(abs(y) for _, y in points) * 1e-4 or 1.0
    a, b = _weighted(points, [1.0] * len(points))
    for _ in range(20):
        a, b = _weighted(points, [1 / max(abs(a + b * x), floor) ** 2 for x, _ in points])
    plain = fmean(y for _, y in points)
    left = sum((y - a - b * x) ** 2 for x, y in points)
    all_of_it = sum((y - plain) ** 2 for _, y in points)
    errors = sorted(abs(y - a - b * x) / max(abs(a + b * x), floor) for x, y in points)
    return Line(a, b, 1 - left / all_of_it if all_of_it > 0 else 0.0, errors[len(errors) // 2])


def _weighted(points, weights):
    total = sum(weights)
    mean_x = sum(w * x for w, (x, _) in zip(weights, points)) / total
    mean_y = sum(w * y for w, (_, y) in zip(weights, points)) / total
    spread = sum(w * (x - mean_x) ** 2 for w, (x, _) in zip(weights, points))
    b = sum(w * (x - mean_x) * (y - mean_y) for w, (x, y) in zip(weights, points)) / spread
    return mean_y - b * mean_x, b


def mean(values):
    """The mean with Student's interval."""
    values = [value for value in values if value is not None and math.isfinite(value)]
    if not values:
        return None
    half = t_975(len(values) - 1) * stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    return Mean(fmean(values), half, len(values))


def t_975(freedom):
    """The 97.5 % quantile of Student's t."""
    table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281]
    if freedom <= len(table):
        return table[freedom - 1]
    z, n = 1.959964, freedom  # Cornish and Fisher; right to 1e-3 from 10 on
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)
