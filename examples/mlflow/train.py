#!/usr/bin/env python3
"""Trains a scikit-learn classifier on its 8x8 images of digits and logs it to MLflow: parameters, losses after each pass over the data, and the
model, which it registers.

Needs mlflow and scikit-learn (pip install mlflow scikit-learn). Without Hone it logs where MLFLOW_TRACKING_URI says, as any such script does.
"""
import argparse

import mlflow
import mlflow.sklearn
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

    images, digits = load_digits(return_X_y=True)
    x, x_val, y, y_val = train_test_split(images, digits, test_size=0.3, random_state=0, stratify=digits)
    scaler = StandardScaler().fit(x)
    x, x_val = scaler.transform(x), scaler.transform(x_val)

    mlflow.set_experiment("digits")
    with mlflow.start_run():
        mlflow.log_params(vars(arguments))
        model = SGDClassifier(
            loss="log_loss", alpha=arguments.alpha, eta0=arguments.eta0, penalty=arguments.penalty,
            learning_rate="constant", random_state=0)
        for epoch in range(1, arguments.epochs + 1):
            model.partial_fit(x, y, classes=range(10))
            mlflow.log_metric("validation_loss", log_loss(y_val, model.predict_proba(x_val), labels=range(10)), step=epoch)
            mlflow.log_metric("validation_accuracy", model.score(x_val, y_val), step=epoch)
        mlflow.sklearn.log_model(model, "model", registered_model_name="digits")


if __name__ == "__main__":
    main()
