"""RQ2's rule sets: a grid of rules whose settings have no unit, so that what is learned on one data set can be used on another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What turns shares into a study's own units."""

    steps: int  # of a whole trial
    every: int  # steps between reports
    cpu_seconds: float  # mean of a whole trial of the study
    wall_seconds: float

    def after(self, share):
        """A share of the steps, at a report."""
        return max(self.every, round(share * self.steps / self.every) * self.every)


COST = "system/cpu_seconds"
STEP_COST = "system/step_cpu_seconds"


def _median(share):
    return lambda s: f"median: {{ after: {s.after(share)} }}"


def _keep(keep, share):
    return lambda s: f"percentile: {{ keep: {keep}, after: {s.after(share)} }}"


def _asha(eta, share):
    return lambda s: f"asha: {{ min: {s.after(share)}, eta: {eta} }}"


def _patience(reports):
    return lambda s: f"patience: {reports}"


def _cpu(times):
    return lambda s: f"when: \"{COST} > {times * s.cpu_seconds:.6g}\""


def _deadline(times):
    return lambda s: f"deadline: {max(1, round(times * s.wall_seconds * 1000))}ms"


def _cheap(keep, share):
    return lambda s: f"percentile: {{ keep: {keep}, metric: {STEP_COST}, goal: minimize, after: {s.after(share)} }}"


def _any(*rules):
    return lambda s: "\n  - ".join(rule(s) for rule in rules)


def _all(*rules):
    return lambda s: "all: [ " + ", ".join(f"{{ {rule(s)} }}" for rule in rules) + " ]"


def grid():
    """Rule sets by name: (family, text of its list for a scale)."""
    sets = {}

    def add(family, name, rule):
        sets[name] = (family, rule)

    for share in (0.1, 0.2, 0.4):
        at = f"from {share:.0%}"
        add("median", f"median {at}", _median(share))
        for keep in (25, 10, 5):
            add("percentile", f"best {keep}% {at}", _keep(keep, share))
    for eta in (2, 3, 4):
        for share in (0.05, 0.1):
            add("asha", f"asha 1/{eta} from {share:.0%}", _asha(eta, share))
    for reports in (2, 3, 5):
        add("patience", f"patience {reports}", _patience(reports))
    for times in (0.5, 1, 2):
        add("cost", f"CPU over {times:g} x mean", _cpu(times))
        add("cost", f"deadline {times:g} x mean", _deadline(times))
    for keep in (75, 50, 25):
        add("cost", f"cheapest {keep}% from 10%", _cheap(keep, 0.1))
    for first, rule in (("best 25% from 10%", _keep(25, 0.1)), ("best 10% from 20%", _keep(10, 0.2)), ("asha 1/3 from 5%", _asha(3, 0.05)), ("median from 10%", _median(0.1))):
        add("combination", f"{first} or CPU over 2 x mean", _any(rule, _cpu(2)))
        add("combination", f"{first} or CPU over 1 x mean", _any(rule, _cpu(1)))
        add("combination", f"{first} or patience 3", _any(rule, _patience(3)))
    for keep in (50, 25):
        add("combination", f"dearer than {keep}% and worse than the median, from 10%", _all(_cheap(keep, 0.1), _median(0.1)))
    add("combination", "dearer than 50% and worse than the best 25%, or worse than the best 10% from 20%",
        _any(_all(_cheap(50, 0.1), _keep(25, 0.1)), _keep(10, 0.2)))
    return sets


def in_turns():
    """Rule sets for studies whose folds are trained in turn: those that compare finished folds, and some that look at every report."""
    sets = {f"wilcoxon {alpha:g}": ("folds", lambda s, alpha=alpha: f"wilcoxon: {{ alpha: {alpha:g} }}") for alpha in (0.1, 0.25, 0.4)}
    sets["wilcoxon 0.4 or CPU over 2 x mean"] = ("folds", _any(lambda s: "wilcoxon: { alpha: 0.4 }", _cpu(2)))
    known = grid()
    return sets | {name: known[name] for name in ("median from 10%", "best 25% from 10%", "asha 1/3 from 5%", "CPU over 2 x mean")}


def text(scale, sets):
    """The file of rule sets that `hone replay --stop` takes."""
    return "".join(f'"{name}":\n  - {rule(scale)}\n' for name, (_, rule) in sets.items())
