"""Records the studies of a size, and reads what they say."""

import fnmatch
import json
import os
import platform
import re
import time
from pathlib import Path

from . import busy, catalogue, frontier, laws, rules, studies
from .program import Failed
from .sources import Missing

BUSY_MODES = ("quiet", "pinned", "free")


class Experiment:
    """One size of the experiment in one folder; what is there already is not done again."""

    def __init__(self, hone, sources, size, folder, only=None, repeats=None):
        self.hone, self.sources, self.size, self.folder = hone, sources, size, Path(folder)
        self.repeats = repeats or size.repeats
        self.busy_repeats = repeats or size.busy_repeats
        self._only = only
        self.missing = {}
        for name in ("studies", "json", "pages"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    # Repeats are outermost, so that what drifts in the machine is in the intervals.
    def record_laws(self):
        """RQ1's studies."""
        for repeat in range(1, self.repeats + 1):
            for part, learner in self._pairs(self.size.laws):
                self._record(f"{part.study('rq1', learner)}-{repeat}", part, learner, seed=repeat)

    def record_grids(self):
        """RQ2's studies."""
        for part, learner in self._pairs(self.size.grids):
            self._record(f"rq2-{part.data}-{learner}", part, learner, seed=1)

        for part, learner in self._turns():
            self._record(f"rq2-turns-{part.data}-{learner}", part, learner, seed=1)

    def record_busy(self):
        """RQ1's studies by one worker, quiet and busy in turn."""
        for repeat in range(1, self.busy_repeats + 1):
            for mode in BUSY_MODES:
                with busy.loops(mode):
                    for part, learner in self._pairs(self.size.busy):
                        self._record(f"{part.study(f'busy-{mode}', learner)}-{repeat}", part, learner, seed=repeat, workers=1)

    def analyze(self):
        """Everything that the pages tell, also written as results.json. Studies that are not recorded are left out."""
        families = {name: family for name, (family, _) in (rules.grid() | rules.in_turns()).items()}
        grids = [pair for pair in self._pairs(self.size.grids) if self._is_recorded(f"rq2-{pair[0].data}-{pair[1]}")]
        analyses = [self._analysis(f"rq2-{part.data}-{learner}") for part, learner in grids]
        rows = frontier.outcomes([(part.data, learner, self._replay("rq2", part, learner, rules.grid())) for part, learner in grids], families)
        turns = [pair for pair in self._turns() if self._is_recorded(f"rq2-turns-{pair[0].data}-{pair[1]}")]
        in_turns = frontier.outcomes([(part.data, learner, self._replay("rq2-turns", part, learner, rules.in_turns())) for part, learner in turns], families)
        results = {
            "size": self.size.name, "note": self.size.note, "machine": machine(), "repeats": self.repeats,
            "missing": {name: str(why) for name, why in self.missing.items()},
            "spent": self._spent(),
            "laws": laws.summary(self._repeated(self.size.laws, "rq1", self.repeats)),
            "busy": {mode: laws.summary(self._repeated(self.size.busy, f"busy-{mode}", self.busy_repeats)) for mode in BUSY_MODES},
            "importance": laws.importance([analysis for analysis in analyses if analysis]),
            "studies": [self._facts(part, learner) for part, learner in grids],
            "rules": frontier.table(rows), "left_out": frontier.left_out(rows), "turns": frontier.table(in_turns),
            "comparisons": self._comparisons(grids),
        }
        self._write("results.json", results)
        return results

    def _pairs(self, parts):
        for part in parts:
            for learner in part.learners:
                if self._only and not fnmatch.fnmatch(f"{part.data}-{learner}", self._only):
                    continue
                try:
                    self.sources.of(part)
                except Missing as missing:
                    self.missing[part.data] = missing
                    continue
                yield part, learner

    # A version that trains folds together alone cannot record these.
    def _turns(self):
        return list(self._pairs(self.size.turns)) if self.hone.takes("train", "--fold-order") else []

    def _record(self, name, part, learner, seed, workers=2):
        done = self.folder / "json" / f"{name}.tune.json"
        if done.exists():
            return
        file = self.folder / "studies" / f"{name}.study.yaml"
        task = catalogue.DATA_SETS[part.data].task
        file.write_text(studies.text(name, learner, self.sources.of(part), task, part, seed, min(workers, len(os.sched_getaffinity(0)))))
        began = time.monotonic()
        summary = self.hone.tune(file)
        trials = summary["trials"]
        print(f"{name}: {trials['complete']} complete, {trials['failed']} failed, {time.monotonic() - began:.0f} s", flush=True)
        self._write(done.relative_to(self.folder), summary)

    def _is_recorded(self, name):
        return (self.folder / "json" / f"{name}.tune.json").exists()

    def _summary(self, name):
        return json.loads((self.folder / "json" / f"{name}.tune.json").read_text())

    def _repeated(self, parts, prefix, repeats):
        found = {}
        for part, learner in self._pairs(parts):
            for repeat in range(1, repeats + 1):
                name = f"{part.study(prefix, learner)}-{repeat}"
                if self._is_recorded(name):
                    rows = laws.points(self.hone.trials(name, laws.CPU, laws.WAIT), part.rows_a_step)
                    found.setdefault((part.data, learner), {}).setdefault(repeat, []).extend(rows)
        return [(data, learner, list(rows.values())) for (data, learner), rows in found.items()]

    def _analysis(self, name):
        analysis = self.hone.analyze(name, self.folder / "pages" / f"{name}.analysis.html")
        self._write(f"json/{name}.analysis.json", analysis)
        return analysis

    def _replay(self, prefix, part, learner, sets):
        name = f"{prefix}-{part.data}-{learner}"
        trials = self.hone.trials(name)
        cpu = [trial["metrics"]["system/cpu_seconds"] for trial in trials if "system/cpu_seconds" in trial["metrics"]]
        steps = part.steps * (part.folds if part.turns else 1)
        scale = rules.Scale(steps, part.every, sum(cpu) / len(cpu), sum(trial["wall_seconds"] for trial in trials) / len(trials))
        file = self.folder / "studies" / f"{name}.rules.yaml"
        file.write_text(rules.text(scale, sets))
        answers = self.hone.replay(name, file, self.folder / "pages" / f"{name}.replay.html")
        self._write(f"json/{name}.replay.json", answers)
        return answers

    # Linear regression of class codes has another score than the classifiers, and is left out.
    def _comparisons(self, grids):
        if not self.hone.has("compare"):
            return []
        learners = {}
        for part, learner in grids:
            if learner != "linear" or catalogue.DATA_SETS[part.data].task == "numbers":
                learners.setdefault(part.data, []).append(learner)
        asked = [(data, {f"rq2-{data}-{learner}": (learner, data) for learner in several}) for data, several in learners.items() if len(several) > 1]
        both = [data for data, several in learners.items() if {"logistic", "mlp"} <= set(several)]
        if len(both) > 2:
            asked.append(("all data sets with both", {f"rq2-{data}-{learner}": (learner, data) for data in both for learner in ("logistic", "mlp")}))
        return [self._comparison(title, names) for title, names in asked]

    def _comparison(self, title, names):
        try:
            text, answer = self.hone.compare(names)
        except Failed as failed:
            return {"data": title, "text": str(failed)}
        self._write(f"json/{title.replace(' ', '-')}.compare.json", json.loads(answer))
        return {"data": title, "text": text}

    def _facts(self, part, learner):
        summary = self._summary(f"rq2-{part.data}-{learner}")
        return {
            "data": part.data, "learner": learner, "trials": sum(summary["trials"].values()), "failed": summary["trials"]["failed"],
            "best": next(iter(summary["best"]["values"].values())) if summary["best"] else None,
            "parameters": summary["best"]["parameters"] if summary["best"] else None,
            "cpu_seconds": summary["spent"]["cpu_seconds"], "rows": part.rows or part.source_rows or catalogue.DATA_SETS[part.data].rows,
            "steps": part.steps, "every": part.every,
        }

    def _spent(self):
        files = sorted((self.folder / "json").glob("*.tune.json"))
        known = [json.loads(file.read_text()) for file in files]
        return {
            "studies": len(known), "trials": sum(sum(summary["trials"].values()) for summary in known),
            "wall_seconds": sum(summary["spent"]["wall_seconds"] for summary in known),
            "cpu_seconds": sum(summary["spent"]["cpu_seconds"] for summary in known),
        }

    def _write(self, name, content):
        target = self.folder / name
        partial = target.with_name(target.name + ".partial")
        partial.write_text(json.dumps(content, indent=1) + "\n")
        partial.rename(target)


def machine():
    """What the figures were taken on, in words."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", text)
    return {"processor": model.group(1).strip() if model else platform.machine(), "cores": len(os.sched_getaffinity(0)), "system": f"{platform.system()} {platform.release()}"}
