"""Sends what MLflow's Python clients send, request by request, as they were recorded: a stand-in for a script that imports mlflow.

    client.py 2.17|3.11 NAME=VALUE ...

Paths, fields, headers and their order are the clients'; every answer is held against what they need of it to go on.
"""
import http.client
import json
import os
import sys
import time
import urllib.parse

VERSION = sys.argv[1]
IS_NEW = VERSION.startswith("3")
TRACKING_URI = os.environ["MLFLOW_TRACKING_URI"].rstrip("/")
HEADERS = {"User-Agent": f"mlflow-python-client/{VERSION}.0", "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}


def send(method, path, body=None, query=None, content_type="application/json"):
    """One request on the address, which keeps its prefix in front of every path."""
    address = urllib.parse.urlparse(TRACKING_URI)
    target = address.path + path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
    headers = dict(HEADERS)
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers["Content-Type"] = content_type
    connection = http.client.HTTPConnection(address.netloc)
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text


def api(method, path, **fields):
    path = "/api/2.0/mlflow/" + path
    status, text = send(method, path, query=fields) if method == "GET" else send(method, path, fields)
    assert status == 200, (method, path, fields, status, text)
    return json.loads(text)


def now():
    return int(time.time() * 1000)


def set_experiment(name):
    experiment = api("GET", "experiments/get-by-name", experiment_name=name)["experiment"]
    assert experiment["lifecycle_stage"] == "active", experiment
    return experiment["experiment_id"]


def resume(experiment):
    """start_run() where MLFLOW_RUN_ID is set."""
    run_id = os.environ.pop("MLFLOW_RUN_ID")
    run = api("GET", "runs/get", run_uuid=run_id, run_id=run_id)["run"]
    assert run["info"]["experiment_id"] == experiment, "the run is of another experiment"
    assert run["info"]["lifecycle_stage"] == "active", run
    info = api("POST", "runs/update", run_uuid=run_id, run_id=run_id, status="RUNNING")["run_info"]
    assert info["status"] == "RUNNING" and info["run_id"] == run_id, info
    return api("GET", "runs/get", run_uuid=run_id, run_id=run_id)["run"]


def artifact(method, uri, path, body=None, content_type="application/octet-stream"):
    """log_artifact and the like, by the proxy of the server that the tracking URI names."""
    folder = urllib.parse.urlparse(uri).path.strip("/")
    return send(method, f"/api/2.0/mlflow-artifacts/artifacts/{folder}/{path}", body, content_type=content_type)


def log_artifact(uri, path, body, content_type):
    status, text = artifact("PUT", uri, path, body, content_type)
    assert status == 200 and json.loads(text) == {}, (status, text)


def log_model(run, run_id, step):
    info = run["info"]
    if not IS_NEW:
        uri = info["artifact_uri"] + "/model"
        log_artifact(uri, "MLmodel", b"artifact_path: model\n", "application/octet-stream")
        log_artifact(uri, "model.pkl", b"\x80\x04.", "application/octet-stream")
        model = {"run_id": run_id, "artifact_path": "model", "utc_time_created": "2026-01-01 00:00:00.000000", "flavors": {"sklearn": {}}, "model_uuid": "0" * 32}
        assert api("POST", "runs/log-model", run_id=run_id, model_json=json.dumps(model)) == {}
        return uri, None
    made = api(
        "POST", "logged-models", experiment_id=info["experiment_id"], name="model", model_type="", source_run_id=run_id,
        params=[{"key": "alpha", "value": "0.1"}], tags=[])["model"]
    model_id, uri = made["info"]["model_id"], made["info"]["artifact_uri"]
    assert made["info"]["status"] in ("LOGGED_MODEL_PENDING", 1), made
    log_artifact(uri, "MLmodel", b"artifact_path: model\n", "application/octet-stream")
    log_artifact(uri, "model.pkl", b"\x80\x04.", "application/octet-stream")
    api("PATCH", f"logged-models/{model_id}", model_id=model_id, status="LOGGED_MODEL_READY")
    assert api("POST", "runs/outputs", run_id=run_id, models=[{"model_id": model_id, "step": step}]) == {}
    assert api("GET", f"logged-models/{model_id}")["model"]["info"]["source_run_id"] == run_id
    api("POST", "logged-models/search", experiment_ids=[info["experiment_id"]], filter=f"source_run_id='{run_id}'", max_results=100)
    return uri, model_id


def register(run_id, source, model_id):
    status, text = send("POST", "/api/2.0/mlflow/registered-models/create", {"name": "recorded"})
    assert status == 200 or json.loads(text)["error_code"] == "RESOURCE_ALREADY_EXISTS", text
    more = {"model_id": model_id} if model_id else {}
    version = api("POST", "model-versions/create", name="recorded", source=source if not model_id else f"models:/{model_id}", run_id=run_id, **more)
    assert version["model_version"]["run_id"] == run_id, version
    assert api("GET", "model-versions/get", name="recorded", version=version["model_version"]["version"])["model_version"]["status"] == "READY"


def autolog(run_id, experiment):
    """What autologging sends of a fit: its data set, its parameters at once, values by the batch, and a child run for each candidate."""
    dataset = {"name": "dataset", "digest": "f0b37a5b", "source_type": "code", "source": json.dumps({"tags": {"mlflow.user": "root"}}), "schema": "{}", "profile": "{}"}
    assert api("POST", "runs/log-inputs", run_id=run_id, datasets=[{"tags": [{"key": "mlflow.data.context", "value": "train"}], "dataset": dataset}]) == {}
    assert api("POST", "runs/log-batch", run_id=run_id, metrics=[], params=[{"key": "C", "value": "1.0"}, {"key": "max_iter", "value": "100"}], tags=[]) == {}
    metrics = [{"key": key, "value": value, "timestamp": now(), "step": step} for step in (3, 4) for key, value in (("loss", 0.5 / step), ("accuracy", 0.9))]
    assert api("POST", "runs/log-batch", run_id=run_id, metrics=metrics, params=[], tags=[]) == {}
    tags = [{"key": "mlflow.parentRunId", "value": run_id}, {"key": "mlflow.user", "value": "root"}, {"key": "mlflow.autologging", "value": "sklearn"}]
    child = api("POST", "runs/create", experiment_id=experiment, user_id="root", start_time=now(), tags=tags, run_name="candidate")["run"]["info"]["run_id"]
    assert child != run_id
    api("POST", "runs/log-batch", run_id=child, metrics=[{"key": "loss", "value": 99.0, "timestamp": now(), "step": 0}], params=[], tags=[])
    api("POST", "runs/update", run_uuid=child, run_id=child, status="FINISHED", end_time=now())


def main():
    if IS_NEW:
        assert send("GET", "/version")[0] == 200
    experiment = set_experiment("my experiment")
    run = resume(experiment)
    run_id = run["info"]["run_id"]

    assert api("POST", "runs/log-parameter", run_uuid=run_id, run_id=run_id, key="epochs", value="4") == {}
    for key, value in (pair.split("=") for pair in sys.argv[2:]):
        api("POST", "runs/log-parameter", run_uuid=run_id, run_id=run_id, key=key, value=str(float(value)))
    for step in (1, 2):
        for key, value in (("loss", 1.0 / step), ("accuracy", 0.5), ("ratio", "NaN")):
            assert api("POST", "runs/log-metric", run_uuid=run_id, run_id=run_id, key=key, value=value, timestamp=now(), step=step) == {}
    assert api("POST", "runs/set-tag", run_uuid=run_id, run_id=run_id, key="mlflow.note.content", value="recorded") == {}
    autolog(run_id, experiment)

    log_artifact(run["info"]["artifact_uri"], "notes.txt", b"text", "text/plain")
    assert artifact("GET", run["info"]["artifact_uri"], "notes.txt") == (200, b"text")
    root = api("GET", "artifacts/list", run_uuid=run_id, run_id=run_id)
    assert {"path": "notes.txt", "is_dir": False, "file_size": 4} in root["files"], root
    source, model_id = log_model(run, run_id, step=4)
    register(run_id, source, model_id)

    info = api("POST", "runs/update", run_uuid=run_id, run_id=run_id, status="FINISHED", end_time=now())["run_info"]
    assert info["run_id"] == run_id, info
    history = api("GET", "metrics/get-history", run_uuid=run_id, run_id=run_id, metric_key="loss", max_results=25000)["metrics"]
    assert [point["step"] for point in history] == [1, 2, 3, 4], history
    data = api("GET", "runs/get", run_uuid=run_id, run_id=run_id)["run"]["data"]
    assert {"key": "epochs", "value": "4"} in data["params"] and {"key": "C", "value": "1.0"} in data["params"], data


if __name__ == "__main__":
    main()
