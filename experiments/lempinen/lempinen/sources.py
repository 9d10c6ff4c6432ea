"""Finds the data sets on this machine, and cuts them to fewer rows."""

import gzip
import os
import shutil
import struct
from pathlib import Path

from . import catalogue

IMAGES = {"train-images-idx3-ubyte": 16, "train-labels-idx1-ubyte": 8, "t10k-images-idx3-ubyte": 16, "t10k-labels-idx1-ubyte": 8}


class Missing(Exception):
    """A data set cannot be had here; the text says what it needs."""


class Sources:
    """Where data sets are. `hone` is asked about those that it finds by itself."""

    def __init__(self, hone, folder, cut_folder):
        self._hone, self._folder, self._cut = hone, folder, Path(cut_folder)
        self._known = {}

    def of(self, part):
        """What `data:` of a study says for a part of the experiment."""
        key = (part.data, part.source, part.rows)
        if key not in self._known:
            try:
                self._known[key] = self._find(part)
            except Missing as missing:
                self._known[key] = missing
        if isinstance(self._known[key], Missing):
            raise self._known[key]
        return self._known[key]

    def _find(self, part):
        known = catalogue.DATA_SETS[part.data]
        if part.source or not known.needs:
            return part.source or known.source
        return self._table(part, known) if part.data == "kddcup" else self._images(part, known)

    def _table(self, part, known):
        file = self._folder / "kddcup.tsv.gz" if self._folder else None
        if file and file.exists():
            return str(cut_table(file, part.rows, self._cut / f"kddcup-{part.rows}.tsv.gz") if part.rows else file)
        if part.rows:
            cached = sorted(_cache().glob("pmlb/**/kddcup*.tsv.gz"))
            if not cached and self._hone.knows(known.source):
                cached = sorted(_cache().glob("pmlb/**/kddcup*.tsv.gz"))
            if cached:
                return str(cut_table(cached[0], part.rows, self._cut / f"kddcup-{part.rows}.tsv.gz"))
        elif self._hone.knows(known.source):
            return known.source
        raise Missing(f"{part.data} needs {known.needs}")

    def _images(self, part, known):
        folders = [_cache() / part.data, Path("/usr/share/datasets") / part.data.replace("_", "-")]
        folders = ([self._folder / part.data] if self._folder else []) + folders
        found = next((folder for folder in folders if _has_images(folder)), None)
        if not found:
            raise Missing(f"{part.data} needs {known.needs}")
        return str(cut_images(found, part.rows, self._cut / f"{part.data}-{part.rows}") if part.rows else found)


def _cache():
    if os.environ.get("HONE_CACHE"):
        return Path(os.environ["HONE_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hone"


def _open(folder, name):
    plain, packed = folder / name, folder / (name + ".gz")
    return plain.open("rb") if plain.exists() else gzip.open(packed, "rb")


def _has_images(folder):
    return all((folder / name).exists() or (folder / (name + ".gz")).exists() for name in IMAGES)


def cut_images(folder, rows, target):
    """The first rows of the training file as a folder of IDX files, six of seven as training file and the seventh as test file, as in the whole."""
    if _has_images(target):
        return target
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    first = rows * 6 // 7
    for kind, dimensions in (("images-idx3", 3), ("labels-idx1", 1)):
        with _open(folder, f"train-{kind}-ubyte") as source:
            header = source.read(4 + 4 * dimensions)
            sizes = struct.unpack(f">{dimensions}I", header[4:])
            width = 1
            for size in sizes[1:]:
                width *= size
            for name, count in (("train", first), ("t10k", rows - first)):
                content = source.read(count * width)
                (partial / f"{name}-{kind}-ubyte").write_bytes(header[:4] + struct.pack(f">{dimensions}I", count, *sizes[1:]) + content)
    partial.rename(target)
    return target


def cut_table(file, rows, target):
    """Evenly spread rows of a table, since its classes come in runs."""
    if target.exists():
        return target
    with gzip.open(file, "rt") as table:
        total = sum(1 for _ in table) - 1
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with gzip.open(file, "rt") as table, gzip.GzipFile(partial, "wb", mtime=0) as out:
        out.write(table.readline().encode())
        taken = 0
        for number, line in enumerate(table):
            if taken < rows and number * rows >= taken * total:
                out.write(line.encode())
                taken += 1
    partial.rename(target)
    return target
