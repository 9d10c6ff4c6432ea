"""RQ2: what rule sets save over all studies and what they lose; and whether one chosen on some data sets serves on another."""

from collections import defaultdict
from statistics import fmean

KINDS = ("cpu_seconds", "steps", "megabyte_seconds", "wall_seconds")
MOST_REGRET = 0.5  # percent of the score


def outcomes(replays, families):
    """Of a list of (data set, learner, answers of `hone replay`): a row a study and rule set."""
    rows = []
    for data, learner, answers in replays:
        for answer in answers:
            regret = answer["relative_regret"]
            rows.append({
                "data": data, "learner": learner, "rules": answer["rules"], "family": families.get(answer["rules"], "folds"),
                "saved": {kind: _percent(answer["saved_share"].get(kind)) for kind in KINDS},
                # A study that is left without a result has lost its score altogether.
                "regret": 100.0 if regret is None else 100 * regret,
                "stopped": len(answer["stopped"]), "trials": answer["trials"], "lost": len(answer["would_have_won"]),
            })
    return rows


def table(rows):
    """A row a rule set: means over data sets of means over their studies, and the worst study, in percent."""
    by_rules = defaultdict(list)
    for row in rows:
        by_rules[row["rules"]].append(row)
    result = []
    for name, several in by_rules.items():
        result.append({
            "rules": name, "family": several[0]["family"], "studies": len(several),
            "saved": {kind: _over_data(several, lambda row, kind=kind: row["saved"][kind]) for kind in KINDS},
            "regret": _over_data(several, lambda row: row["regret"]),
            "worst_regret": max(row["regret"] for row in several),
            "without_regret": sum(row["regret"] < MOST_REGRET for row in several),
            "stopped": sum(row["stopped"] for row in several) / sum(row["trials"] for row in several),
        })
    result.sort(key=lambda row: -(row["saved"]["cpu_seconds"] or 0))
    best = float("inf")
    for row in result:
        row["frontier"] = row["regret"] < best
        best = min(best, row["regret"])
    return result


def choose(rows):
    """The rule set that saves most CPU time with a mean regret below the limit; the one with the least regret if there is none."""
    known = table(rows)
    good = [row for row in known if row["regret"] < MOST_REGRET]
    return good[0] if good else min(known, key=lambda row: row["regret"]) if known else None


def left_out(rows):
    """For every data set: the rule set that the others choose, what it did there and does here, and what this one would have chosen itself."""
    result = []
    names = sorted({row["data"] for row in rows})
    for name in names if len(names) > 1 else []:
        here = [row for row in rows if row["data"] == name]
        chosen = choose([row for row in rows if row["data"] != name])
        own = choose(here)
        served = next(row for row in table(here) if row["rules"] == chosen["rules"])
        result.append({"data": name, "rules": chosen["rules"], "there": _figures(chosen), "here": _figures(served), "own_rules": own["rules"], "own": _figures(own)})
    return result


def _figures(row):
    return {"saved": row["saved"]["cpu_seconds"], "regret": row["regret"], "worst_regret": row["worst_regret"]}


def _percent(share):
    return None if share is None else 100 * share


def _over_data(rows, value):
    by_data = defaultdict(list)
    for row in rows:
        if value(row) is not None:
            by_data[row["data"]].append(value(row))
    return fmean(fmean(several) for several in by_data.values()) if by_data else None
