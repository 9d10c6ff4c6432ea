#!/usr/bin/env python3
"""Trains a scikit-learn classifier on its 8x8 images of digits, and reports to Hone after each pass over the data.

Needs scikit-learn (Debian: apt-get install python3-sklearn; elsewhere: pip install scikit-learn).
"""
import argparse
import json
import os

from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=0.0001, help="strength of the penalty")
    parser.add_argument("--eta0", type=float, default=0.01, help="initial learning rate")
    parser.add_argument("--penalty", choices=["l1", "l2", "elasticnet"], default="l2")
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()

    # The split is the same for all trials; what Hone's seed varies is the order in which rows are learned.
    images, digits = load_digits(return_X_y=True)
    x, x_val, y, y_val = train_test_split(images, digits, test_size=0.3, random_state=0, stratify=digits)
    scaler = StandardScaler().fit(x)
    x, x_val = scaler.transform(x), scaler.transform(x_val)

    model = SGDClassifier(
        loss="log_loss", alpha=arguments.alpha, eta0=arguments.eta0, penalty=arguments.penalty,
        learning_rate="constant", random_state=int(os.environ.get("HONE_SEED", "0")))
    for epoch in range(1, arguments.epochs + 1):
        model.partial_fit(x, y, classes=range(10))
        print(json.dumps({
            "step": epoch,
            "validation_loss": log_loss(y_val, model.predict_proba(x_val), labels=range(10)),
            "validation_accuracy": model.score(x_val, y_val),
        }), flush=True)


if __name__ == "__main__":
    main()
