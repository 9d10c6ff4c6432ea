"""Fills in what the pages of docs/experiments tell of results: sections between <!-- begin NAME --> and <!-- end NAME -->, and plots."""

import re
from pathlib import Path

from . import answers, charts, studies

LEARNERS = dict(zip(("linear", "logistic", "svm", "mlp"), charts.COLORS))
FAMILIES = dict(zip(("median", "percentile", "asha", "patience", "cost", "combination", "folds"), charts.COLORS))


def fill(results, templates, target):
    """Writes the pages with their plots to a folder; the texts around the sections are those of the templates."""
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    for name, sections in (("rq1.md", answers.first(results)), ("rq2.md", answers.second(results))):
        (target / name).write_text(filled((Path(templates) / name).read_text(), sections))
    for name, picture in plots(results).items():
        (target / name).write_text(picture)


def filled(text, sections):
    """A text with its sections replaced; every section must have its place."""
    for name, content in sections.items():
        pattern = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"the page has no section '{name}'")
        text = pattern.sub(lambda match: match.group(1) + content.strip("\n") + "\n" + match.group(2), text)
    return text


def plots(results):
    """The plots by their file names; those without anything to draw are left out."""
    drawn = {}
    laws = results["laws"]
    if laws:
        drawn["step-time.svg"] = charts.panels(
            "Step CPU time against rows a step", f"Dots: mean of {results['repeats']} repeats with 95 % intervals. Lines: the fitted law a + b × rows.",
            _groups(laws, "cpu"), "rows a step", "CPU time of a step", charts.seconds, LEARNERS, _fits(laws, "cpu"))
        drawn["memory.svg"] = charts.panels(
            "Peak memory against batch size", f"Resident minus shared pages of the training process. Mean of {results['repeats']} repeats with 95 % intervals.",
            _groups(laws, "memory"), "batch size", "peak memory", charts.megabytes, LEARNERS)
    busy = {mode: law for mode, law in results["busy"].items() if law}
    if busy:
        measures = {"wall": "wall time", "wall_less_wait": "wall time minus wait", "cpu": "CPU time"}
        first = busy[next(iter(busy))]
        colors = dict(zip(busy, charts.COLORS))
        for place, law in enumerate(first):
            groups = {
                words: {mode: laws_[place]["means"][measure] for mode, laws_ in busy.items() if place < len(laws_)} for measure, words in measures.items()
            }
            drawn[answers.busy_plot(law)] = charts.panels(
                f"A step on a quiet and on a busy machine: {studies.TITLES[law['learner']].lower()}, {law['data']}",
                "quiet: nothing beside it. pinned: a busy loop bound to the other core. free: a busy loop for each core, bound to none.",
                groups, "rows a step", "time of a step", charts.seconds, colors)
    rows = [row for row in results["rules"] if row["saved"]["cpu_seconds"] is not None]
    if rows:
        families = {family: color for family, color in FAMILIES.items() if any(row["family"] == family for row in rows)}
        drawn["saving-and-regret.svg"] = charts.saving_and_regret(
            "What stopping saves, and what it loses", "Every dot is a rule set over all recorded studies. Filled and numbered: none saves more at less regret.",
            rows, families, 0.5)
    return drawn


def _groups(laws, measure):
    groups = {}
    for law in laws:
        groups.setdefault(law["data"], {})[law["learner"]] = law["means"][measure]
    return {name: {learner: points for learner, points in group.items() if points} for name, group in groups.items()}


def _fits(laws, measure):
    fits = {}
    for law in laws:
        fitted = law["laws"][measure]
        if fitted:
            a, b = fitted["a"]["value"], fitted["b"]["value"]
            fits.setdefault(law["data"], {})[law["learner"]] = lambda size, a=a, b=b: a + b * size
    return fits
