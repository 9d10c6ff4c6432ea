using System.Globalization;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Mlflow;

/// <summary>A store of files as MLflow writes it.</summary>
internal sealed class MlflowFolder : IDisposable
{
    public const string RunId = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    public const string DeletedRunId = "ffffffffffffffffffffffffffffffff";
    public const string LoggedModelId = "m-11112222333344445555666677778888";
    public const string ExperimentId = "987654321987654321";

    private readonly TemporaryFolder _folder = new();

    public MlflowFolder()
    {
        Write("0/meta.yaml", "artifact_location: mlflow-artifacts:/0\ncreation_time: 1700000000000\nexperiment_id: '0'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: Default\n");
        Write($"{ExperimentId}/meta.yaml", $"artifact_location: file://{Path}/{ExperimentId}\ncreation_time: 1700000000001\nexperiment_id: '{ExperimentId}'\nlast_update_time: 1700000000002\nlifecycle_stage: active\nname: churn\n");
        Write($"{ExperimentId}/tags/team", "red");
        Write(".trash/5/meta.yaml", "artifact_location: mlflow-artifacts:/5\ncreation_time: 1700000000003\nexperiment_id: '5'\nlast_update_time: 1700000000004\nlifecycle_stage: deleted\nname: old\n");
        AddRun(ExperimentId, RunId, "status: 3", "end_time: 1700000009000");
        AddRun(ExperimentId, DeletedRunId, "status: 4", "end_time: null", "deleted_time: 1700000010000", "deleted");
        var run = $"{ExperimentId}/{RunId}";
        Write($"{run}/params/depth", "3");
        Write($"{run}/params/net/layers", "[64, 64]");
        Write($"{run}/tags/mlflow.runName", "quick-lathe");
        Write($"{run}/tags/notes", "two\nlines ☃");
        Write($"{run}/metrics/loss", "1700000001000 0.5 1\n1700000002000 0.25 2\n1700000002000 nan 3\n1700000003000 inf 4\n");
        Write($"{run}/metrics/net/grad", "1700000001000 1e-05 0\n");
        Write($"{run}/artifacts/model/MLmodel", "flavors: {}\n");
        Write($"{run}/inputs/abc/meta.yaml", $"destination_id: {RunId}\ndestination_type: 1\nsource_id: d1\nsource_type: 2\ntags:\n  mlflow.data.context: training\n");
        Write($"{ExperimentId}/datasets/d1/meta.yaml", "digest: 12ab\nname: customers\nprofile: '{\"num_rows\": 10}'\nschema: null\nsource: '{\"uri\": \"s3://b/c.csv\"}'\nsource_type: s3\n");
        Write($"{run}/outputs/{LoggedModelId}/meta.yaml", $"destination_id: {LoggedModelId}\ndestination_type: 2\nsource_id: {RunId}\nsource_type: 1\nstep: 4\ntags: {{}}\n");
        var model = $"{ExperimentId}/models/{LoggedModelId}";
        Write($"{model}/meta.yaml", $"artifact_location: file://{Path}/{model}/artifacts\ncreation_timestamp: 1700000004000\nexperiment_id: '{ExperimentId}'\nlast_updated_timestamp: 1700000005000\nlifecycle_stage: active\nmodel_id: {LoggedModelId}\nmodel_type: null\nname: net\nsource_run_id: {RunId}\nstatus: 2\nstatus_message: null\n");
        Write($"{model}/params/width", "64");
        Write($"{model}/tags/kind", "mlp");
        Write($"{model}/metrics/auc", $"1700000004500 0.9 4 {RunId} customers 12ab\n");
        Write($"{model}/artifacts/weights.bin", "weights");
        Write("models/churn-net/meta.yaml", "creation_timestamp: 1700000006000\ndescription: who leaves\nlast_updated_timestamp: 1700000007000\nlatest_versions: []\nname: churn-net\n");
        Write("models/churn-net/tags/owner", "ann");
        Write("models/churn-net/aliases/champion", "2");
        Write("models/churn-net/version-2/meta.yaml", $"creation_timestamp: 1700000006500\ncurrent_stage: Production\ndescription: better\nlast_updated_timestamp: 1700000006600\nname: churn-net\nrun_id: {RunId}\nrun_link: ''\nsource: file://{Path}/{run}/artifacts/model\nstatus: READY\nstatus_message: null\nstorage_location: file://{Path}/{run}/artifacts/model\nuser_id: null\nversion: 2\n");
        Write("models/churn-net/version-2/tags/checked", "yes");
    }

    public string Path => System.IO.Path.Combine(_folder.Path, "mlruns");

    public void Write(string path, string text)
    {
        var full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void AddRun(string experiment, string id, string status, string end, string more = "entry_point_name: ''", string stage = "active") => Write(
        $"{experiment}/{id}/meta.yaml",
        string.Create(CultureInfo.InvariantCulture, $"artifact_uri: file://{Path}/{experiment}/{id}/artifacts\n{more}\n{end}\nexperiment_id: '{experiment}'\nlifecycle_stage: {stage}\nrun_id: {id}\nrun_name: quick-lathe\nrun_uuid: {id}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000500\n{status}\ntags: []\nuser_id: ann\n"));

    public void Dispose() => _folder.Dispose();
}
