"""Calls the program `hone`."""

import json
import os
import subprocess
import sys
from pathlib import Path


# A trial of .NET runs unoptimised code for its first second or so, in which a step costs up to ten times as much as later: so
# short a trial would time the compiler. This has everything compiled as it will stay.
ENVIRONMENT = {**os.environ, "DOTNET_TieredCompilation": "0"}


class Failed(Exception):
    """`hone` did not do what it was asked to do."""


class Hone:
    """The program with one store."""

    def __init__(self, program, store):
        self._program, self._store = str(program), str(store)

    def knows(self, source):
        """Whether a data set can be read here."""
        return subprocess.run([self._program, "data", "show", source, "--json"], capture_output=True).returncode == 0

    def has(self, verb):
        """Whether this version has a verb."""
        return subprocess.run([self._program, verb, "--help"], capture_output=True).returncode == 0

    def takes(self, verb, option):
        """Whether a verb of this version has an option."""
        shown = subprocess.run([self._program, verb, "--help"], capture_output=True, text=True)
        return shown.returncode == 0 and option in shown.stdout

    def tune(self, file):
        """Runs a study, or goes on with it; one that has ended is left as it is. Its summary."""
        return json.loads(self._run(["tune", str(file), "--json", "--quiet", "--no-report"], done=(0, 3)))

    def trials(self, study, *histories):
        """The trials with the histories of some metrics."""
        asked = [word for metric in histories for word in ("--history", metric)]
        return [json.loads(line) for line in self._run(["trials", study, "--json", *asked]).splitlines()]

    def analyze(self, study, page=None):
        """What the parameters do; null if no trial is complete."""
        text = self._run(["analyze", study, "--json", "--quiet", *(["--out", str(page)] if page else [])], done=(0, 3))
        return json.loads(text) if text.strip() else None

    def replay(self, study, rules, page=None):
        """One answer a rule set."""
        text = self._run(["replay", study, "--stop", str(rules), "--json", "--quiet", *(["--out", str(page)] if page else [])])
        return [json.loads(line) for line in text.splitlines()]

    def compare(self, studies):
        """The comparison of studies as text, and as JSON. `studies`: the learner and the data set of each, by its name."""
        asked = ["compare", *studies]
        for study, (learner, data) in studies.items():
            asked += ["--model", f"{study}={learner}", "--data", f"{study}={data}"]
        return self._run(asked), self._run([*asked, "--json"])

    def _run(self, arguments, done=(0,)):
        ended = subprocess.run([self._program, *arguments, "--store", self._store], capture_output=True, text=True, env=ENVIRONMENT)
        if ended.returncode == 130:
            sys.exit(130)
        if ended.returncode not in done:
            raise Failed(f"hone {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stderr.strip()}")
        return ended.stdout


def built(repository):
    """The program, built from this repository."""
    done = subprocess.run(["dotnet", "build", "src/Hone.Cli", "-c", "Release", "-v", "quiet"], cwd=repository, capture_output=True, text=True)
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return Path(repository) / "artifacts/bin/Hone.Cli/release/hone"
