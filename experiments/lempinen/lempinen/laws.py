"""RQ1: what step time and memory follow from the batch size, over repeats, quiet and busy; and which parameters matter."""

from collections import defaultdict
from statistics import fmean

from . import fitting

CPU, WAIT, PEAK = "system/cpu_seconds", "system/wait_seconds", "system/memory_peak_megabytes"
MEASURES = ("wall", "cpu", "wall_less_wait", "memory")


def points(trials, rows_a_step):
    """One row a complete trial: its batch size, its rows a step on average (`rows_a_step` of a batch size), and the wall, CPU and waiting time of a step after the first report, in seconds."""
    rows = []
    for trial in trials:
        cpu, wait = _reports(trial["history"][CPU]), _reports(trial["history"][WAIT])
        if trial["state"] != "complete" or len(cpu) < 2:
            continue
        (first, began, before), (last, ended, after) = cpu[0], cpu[-1]
        steps = last - first
        # A trial so short that its first and last report share a reading has measured no CPU time, which is not to say that it took none.
        spent = (after - before) / steps if after > before else None
        batch = trial["parameters"]["batch_size"]
        row = {"batch": batch, "rows": rows_a_step(batch), "wall": (ended - began) / steps, "cpu": spent, "memory": trial["metrics"].get(PEAK)}
        has_wait = len(wait) > 1 and (wait[0][0], wait[-1][0]) == (first, last)
        row["wall_less_wait"] = row["wall"] - (wait[-1][2] - wait[0][2]) / steps if has_wait else None
        rows.append(row)
    return rows


def _reports(history):
    """The readings that came with reports: the first of each step. Those between reports, and before the first, tell of no step."""
    firsts = {}
    for row in history:
        if row[0] > 0:
            firsts.setdefault(row[0], row)
    return [firsts[step] for step in sorted(firsts)]


def law(repeats, measure):
    """The law of a measure over repeats: a and b with their intervals, R2 and the median relative error of each repeat's line; None if there is none."""
    lines = [fitting.line([(row[_against(measure)], row[measure]) for row in rows if row[measure] is not None]) for rows in repeats]
    lines = [line for line in lines if line]
    if not lines:
        return None
    return {
        "a": _mean(line.a for line in lines),
        "b": _mean(line.b for line in lines),
        "r2": _mean(line.r2 for line in lines),
        "error": fmean(line.error for line in lines),
    }


def by_batch(repeats, measure):
    """(batch size or rows a step, mean, half-width) in their order, over repeats."""
    values = defaultdict(list)
    for rows in repeats:
        for row in rows:
            values[row[_against(measure)]].append(row[measure])
    means = [(size, fitting.mean(several)) for size, several in sorted(values.items())]
    return [(size, mean.value, mean.half or 0) for size, mean in means if mean]


# Times follow the rows that a step has; memory would follow the batch that it makes room for.
def _against(measure):
    return "batch" if measure == "memory" else "rows"


def summary(studies):
    """Of a list of (data set, learner, repeats of points): laws and means of every measure."""
    return [
        {
            "data": data, "learner": learner, "repeats": len(repeats), "trials": sum(len(rows) for rows in repeats),
            "batches": sorted({row["batch"] for rows in repeats for row in rows}),
            "laws": {measure: law(repeats, measure) for measure in MEASURES},
            "means": {measure: by_batch(repeats, measure) for measure in MEASURES},
        }
        for data, learner, repeats in studies
    ]


def importance(analyses):
    """For each metric and parameter: mean, least and most of its share of the variance (fANOVA) over studies."""
    shares = defaultdict(lambda: defaultdict(list))
    for analysis in analyses:
        for metric in analysis["metrics"]:
            for parameter in metric["parameters"]:
                if isinstance(parameter.get("fanova"), (int, float)):
                    shares[metric["metric"]][parameter["parameter"]].append(parameter["fanova"])
    return {
        metric: {name: {"mean": fmean(values), "least": min(values), "most": max(values), "studies": len(values)} for name, values in known.items()}
        for metric, known in shares.items()
    }


def _mean(values):
    mean = fitting.mean(list(values))
    return {"value": mean.value, "half": mean.half, "count": mean.count} if mean else None
