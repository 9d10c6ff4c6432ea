"""The steps of the pipeline that are not `hone` itself. Needs nothing but Python's standard library.

    python3 steps.py clean    RAW CLEAN
    python3 steps.py features CLEAN FEATURES WINDOW
    python3 steps.py split    FEATURES TRAIN TEST UNTIL
    python3 steps.py curve    LINES CURVE
    python3 steps.py evaluate TEST PREDICTIONS METRICS CHART
"""

import csv
import gzip
import json
import math
import sys


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def clean(raw, target):
    """Days in order, each once, with prices above 0 that lie between the day's low and high."""
    with gzip.open(raw, "rt", newline="") as file:
        days = {}
        for row in csv.DictReader(file, delimiter="\t"):
            close, low, high = float(row["target"]), float(row["low"]), float(row["high"])
            if 0 < low <= close * 1.000001 and close <= high * 1.000001 and float(row["volume"]) > 0:
                days[row["date"]] = {"date": row["date"], "close": row["target"], "volume": row["volume"]}
    write(target, [days[date] for date in sorted(days)])


def features(source, target, window):
    """For each day the last returns in percent, the newest first, how much they vary, and the next day's return as the target."""
    window = int(window)
    days = read(source)
    closes = [float(day["close"]) for day in days]
    returns = [100 * math.log(b / a) for a, b in zip(closes, closes[1:])]
    rows = []
    for i in range(window, len(returns)):
        last = returns[i - window:i]
        mean = sum(last) / window
        row = {"day": i, "date": days[i]["date"], "close": days[i]["close"]}
        row.update({f"return_{k + 1}": f"{value:.6f}" for k, value in enumerate(reversed(last))})
        row["mean"] = f"{mean:.6f}"
        row["spread"] = f"{math.sqrt(sum((value - mean) ** 2 for value in last) / window):.6f}"
        row["target"] = f"{returns[i]:.6f}"
        rows.append(row)
    write(target, rows)


def split(source, train, test, until):
    """By time: nothing of the test was known when the training ends."""
    rows = read(source)
    write(train, [row for row in rows if row["date"] <= until])
    write(test, [row for row in rows if row["date"] > until])


def curve(lines, target):
    """The reports of the training as a table."""
    with open(lines) as file:
        reports = [json.loads(line) for line in file if line.startswith("{")]
    write(target, [{"step": r["step"], "training_loss": r["training_loss"], "validation_loss": r["validation_loss"]}
                   for r in reports if "validation_loss" in r])


def evaluate(test, predictions, metrics, chart):
    """The errors in percent of the price, beside the guess that tomorrow is like today."""
    rows = read(test)
    with open(predictions) as file:
        guesses = [float(line.split(",")[-1]) for line in file.read().split("\n")[1:] if line]
    actual = [float(row["target"]) for row in rows]
    mean_square = lambda errors: sum(e * e for e in errors) / len(errors)
    model = mean_square([g - a for g, a in zip(guesses, actual)])
    naive = mean_square(actual)
    result = {
        "days": len(rows),
        "rmse_percent": round(math.sqrt(model), 6),
        "rmse_percent_like_today": round(math.sqrt(naive), 6),
        "right_direction": round(sum((g > 0) == (a > 0) for g, a in zip(guesses, actual)) / len(rows), 6),
    }
    with open(metrics, "w") as file:
        json.dump(result, file, indent=2)
        file.write("\n")
    closes = [float(row["close"]) for row in rows]
    write(chart, [{"date": row["date"], "price": f"{close * math.exp(a / 100):.4f}", "predicted": f"{close * math.exp(g / 100):.4f}"}
                  for row, close, a, g in zip(rows, closes, actual, guesses)])


if __name__ == "__main__":
    steps = {step.__name__: step for step in (clean, features, split, curve, evaluate)}
    if len(sys.argv) < 2 or sys.argv[1] not in steps:
        sys.exit(__doc__)
    steps[sys.argv[1]](*sys.argv[2:])
