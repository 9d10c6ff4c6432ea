"""Writes study files."""

from . import catalogue

HIDDEN = 32


def text(name, learner, data, task, part, seed=0, workers=2, note=""):
    """The study of one learner on one data set."""
    objective = "{ metric: validation_rmse, goal: minimize }" if task == "numbers" or learner == "linear" else "{ metric: validation_accuracy, goal: maximize }"
    trials = len(part.batches) * len(part.rates) * len(part.alphas)
    lines = [f"# {line}" for line in note.splitlines()]
    lines += [
        f"study: {name}",
        f"objective: {objective}",
        "space:",
        f"  alpha:         {{ values: [{_list(part.alphas)}] }}",
        f"  batch_size:    {{ values: [{_list(part.batches)}] }}",
        f"  learning_rate: {{ values: [{_list(part.rates)}] }}",
        "sampler: grid",
        "stop: []",
        f"budget: {{ trials: {trials} }}",
        f"workers: {{ local: {workers}, cores_each: 1 }}",
        f"seed: {seed}",
        "train:",
        f"  learner: {learner}",
        f"  data: {data}",
    ]
    if part.folds:
        lines.append(f"  folds: {part.folds}")
    if part.turns:
        lines.append("  fold_order: turns")
    lines += [f"  steps: {part.steps}", f"  report_every: {part.every}"]
    if learner == "mlp":
        lines.append(f"  hidden: {HIDDEN}")
        if task == "numbers":
            lines.append("  loss: squared")
    return "\n".join(lines) + "\n"


def committed():
    """The study files of the repository, by their names: the whole of the seed's grid, as it was."""
    files = {}
    for data, learner in catalogue.pairs():
        known = catalogue.DATA_SETS[data]
        part = catalogue.Part(data, (learner,), catalogue.STEPS, catalogue.REPORT_EVERY)
        note = f"{TITLES[learner]} on {data}: the whole grid of the experiment, nothing stopped. See ../README.md."
        if known.needs:
            note += f"\nNeeds {known.needs}."
        if learner == "linear" and known.task == "classes":
            note += "\nThe class codes are learned as numbers: squared loss and its step time, beside those of the classifiers."
        files[f"{data}-{learner}.study.yaml"] = text(f"lempinen-{data}-{learner}", learner, known.source, known.task, part, note=note)
    return files


TITLES = {"linear": "Linear regression", "logistic": "Logistic regression", "svm": "Linear support vector machine", "mlp": "Multi-layer perceptron"}


def _list(values):
    return ", ".join(f"{value:.4f}".rstrip("0") if isinstance(value, float) else str(value) for value in values)
