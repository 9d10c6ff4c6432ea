#!/usr/bin/env python3
"""Writes scores.json: scores by scikit-learn 1.2.1 of random predictions, for ScoreOracleTests.

    python3 scores.py > scores.json
"""
import json
import warnings

import numpy as np
from sklearn import metrics
from sklearn.preprocessing import label_binarize

warnings.simplefilter("ignore")


def specificity(y, p, classes, average):
    counts = metrics.multilabel_confusion_matrix(y, p, labels=range(classes))
    tn, fp, fn, tp = counts[:, 0, 0], counts[:, 0, 1], counts[:, 1, 0], counts[:, 1, 1]
    each = np.where(tn + fp > 0, tn / np.maximum(tn + fp, 1), 0.0)
    if average == "binary":
        return each[1]
    if average == "micro":
        return tn.sum() / (tn + fp).sum()
    seen = tp + fn + fp > 0
    return each[seen].mean() if average == "macro" else np.average(each, weights=tp + fn)


def classes_case(rng, rows, classes, ties):
    raw = rng.dirichlet(np.ones(classes), rows)
    if ties:
        raw = np.round(raw, 1) + 0.05
        raw /= raw.sum(axis=1, keepdims=True)
    y = np.array([rng.choice(classes, p=(row + 0.3) / (row + 0.3).sum()) for row in raw])
    y[:classes] = np.arange(classes)
    p = raw.argmax(axis=1)
    scores = {"accuracy": metrics.accuracy_score(y, p), "error_rate": metrics.zero_one_loss(y, p),
              "log_loss": metrics.log_loss(y, raw, labels=range(classes))}
    averages = ["macro", "micro", "weighted"] + (["binary"] if classes == 2 else [])
    for average in averages:
        # Without an ending a score is the binary one for two classes and the macro average for more.
        ending = "" if average == "binary" else "_" + average
        scores["precision" + ending] = metrics.precision_score(y, p, average=average, zero_division=0)
        scores["recall" + ending] = metrics.recall_score(y, p, average=average, zero_division=0)
        scores["f1" + ending] = metrics.f1_score(y, p, average=average, zero_division=0)
        scores["specificity" + ending] = specificity(y, p, classes, average)
    if classes == 2:
        scores["roc_auc"] = metrics.roc_auc_score(y, raw[:, 1])
        scores["pr_auc"] = metrics.average_precision_score(y, raw[:, 1])
        scores["brier"] = metrics.brier_score_loss(y, raw[:, 1])
    else:
        hot = label_binarize(y, classes=range(classes))
        scores["roc_auc"] = metrics.roc_auc_score(y, raw, multi_class="ovr", average="macro")
        scores["pr_auc"] = metrics.average_precision_score(hot, raw, average="macro")
        scores["brier"] = ((raw - hot) ** 2).sum(axis=1).mean()
        for name in ("precision", "recall", "specificity", "f1"):
            scores[name] = scores[name + "_macro"]
    return {"classes": classes, "labels": y.tolist(), "predicted": p.tolist(), "outputs": raw.ravel().tolist(),
            "confusion": metrics.confusion_matrix(y, p, labels=range(classes)).ravel().tolist(),
            "scores": {name: float(value) for name, value in scores.items()}}


def numbers_case(rng, rows, scale):
    y = rng.normal(3, scale, rows)
    p = y + rng.normal(0, scale / 2, rows)
    return {"targets": y.tolist(), "numbers": p.tolist(), "scores": {
        "rmse": metrics.mean_squared_error(y, p, squared=False), "mae": metrics.mean_absolute_error(y, p),
        "mape": metrics.mean_absolute_percentage_error(y, p), "r2": metrics.r2_score(y, p)}}


def main():
    rng = np.random.default_rng(17)
    json.dump({
        "classes": [classes_case(rng, rows, classes, ties) for rows, classes, ties in
                    [(60, 2, False), (60, 2, True), (9, 2, True), (80, 3, False), (80, 3, True), (50, 6, False), (40, 12, True)]],
        "numbers": [numbers_case(rng, rows, scale) for rows, scale in [(40, 1.0), (30, 1e6), (7, 1e-3)]],
    }, __import__("sys").stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
