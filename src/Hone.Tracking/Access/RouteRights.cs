using Hone.Tracking.Rest;

namespace Hone.Tracking.Access;

/// <summary>What each route asks of its caller, in one table. A route that is not in it is an admin's.</summary>
/// <remarks>As MLflow's own server has it: readers read, writers log and change, and to delete or restore takes an admin.</remarks>
internal static class RouteRights
{
    private static readonly string[] Prefixes = ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/", "/ajax-api/2.0/", "/api/2.0/"];
    private static readonly Dictionary<string, Need> Needs = new(StringComparer.Ordinal)
    {
        ["GET /health"] = Need.Nothing,
        ["GET /version"] = Need.Nothing,
        ["GET /"] = Need.Nothing,
        ["GET /metrics"] = Need.MachineOrAdmin,

        ["POST experiments/create"] = Need.Of(CreateExperiment).Audited("create experiment", "name"),
        ["GET experiments/get"] = Experiment(Role.Reader),
        ["GET experiments/get-by-name"] = Need.Of((request, rights) => rights.DemandExperimentNamed(request.Required("experiment_name"), Role.Reader)),
        ["POST experiments/update"] = Experiment(Role.Writer),
        ["POST experiments/delete"] = Experiment(Role.Admin).Audited("delete experiment"),
        ["POST experiments/restore"] = Experiment(Role.Admin).Audited("restore experiment"),
        ["POST experiments/set-experiment-tag"] = Experiment(Role.Writer),
        ["POST experiments/delete-experiment-tag"] = Experiment(Role.Writer),
        ["GET experiments/search"] = Need.Identity,
        ["POST experiments/search"] = Need.Identity,
        ["GET experiments/list"] = Need.Identity,
        ["POST experiments/search-datasets"] = Need.Identity,

        ["POST runs/create"] = Need.Of((request, rights) => rights.DemandExperiment(request.Text("experiment_id") is { Length: > 0 } id ? id : "0", Role.Writer)),
        ["GET runs/get"] = Run(Role.Reader),
        ["POST runs/update"] = Run(Role.Writer),
        ["POST runs/delete"] = Run(Role.Admin).Audited("delete run"),
        ["POST runs/restore"] = Run(Role.Admin).Audited("restore run"),
        ["POST runs/set-tag"] = Run(Role.Writer),
        ["POST runs/delete-tag"] = Run(Role.Writer),
        ["POST runs/log-parameter"] = Run(Role.Writer),
        ["POST runs/log-inputs"] = Run(Role.Writer),
        ["POST runs/outputs"] = Run(Role.Writer),
        ["POST runs/log-model"] = Run(Role.Writer),
        ["POST runs/search"] = Need.Identity,

        // These read their own bodies, and ask for the run when they have its id.
        ["POST runs/log-metric"] = Need.Identity,
        ["POST runs/log-batch"] = Need.Identity,

        ["GET metrics/get-history"] = Run(Role.Reader),
        ["GET metrics/get-history-bulk"] = Runs("run_id"),
        ["GET metrics/get-history-bulk-interval"] = Runs("run_ids"),

        ["POST registered-models/create"] = Need.Of((_, rights) => rights.Demand(Role.Writer)).Audited("create model", "name"),
        ["GET registered-models/get"] = Model(Role.Reader),
        ["POST registered-models/rename"] = Model(Role.Writer).Audited("rename model", "new_name"),
        ["PATCH registered-models/update"] = Model(Role.Writer),
        ["DELETE registered-models/delete"] = Model(Role.Admin).Audited("delete model"),
        ["GET registered-models/search"] = Need.Identity,
        ["GET registered-models/list"] = Need.Identity,
        ["POST registered-models/get-latest-versions"] = Model(Role.Reader),
        ["GET registered-models/get-latest-versions"] = Model(Role.Reader),
        ["POST registered-models/set-tag"] = Model(Role.Writer),
        ["DELETE registered-models/delete-tag"] = Model(Role.Writer),
        ["POST registered-models/alias"] = Model(Role.Writer).Audited("set alias", "alias", "version"),
        ["GET registered-models/alias"] = Model(Role.Reader),
        ["DELETE registered-models/alias"] = Model(Role.Writer).Audited("delete alias", "alias"),

        ["POST model-versions/create"] = Need.Of(CreateVersion).Audited("create version", "source"),
        ["GET model-versions/get"] = Model(Role.Reader),
        ["PATCH model-versions/update"] = Model(Role.Writer),
        ["DELETE model-versions/delete"] = Model(Role.Admin).Audited("delete version", "version"),
        ["GET model-versions/search"] = Need.Identity,
        ["GET model-versions/get-download-uri"] = Model(Role.Reader),
        ["POST model-versions/transition-stage"] = Model(Role.Writer).Audited("set stage", "version", "stage"),
        ["POST model-versions/set-tag"] = Model(Role.Writer),
        ["DELETE model-versions/delete-tag"] = Model(Role.Writer),

        ["POST logged-models"] = Experiment(Role.Writer),
        ["POST logged-models/search"] = Need.Identity,
        ["GET logged-models/{model_id}"] = LoggedModel(Role.Reader),
        ["PATCH logged-models/{model_id}"] = LoggedModel(Role.Writer),
        ["DELETE logged-models/{model_id}"] = LoggedModel(Role.Admin).Audited("delete logged model"),
        ["PATCH logged-models/{model_id}/tags"] = LoggedModel(Role.Writer),
        ["DELETE logged-models/{model_id}/tags/{tag_key}"] = LoggedModel(Role.Writer),
        ["POST logged-models/{model_id}/params"] = LoggedModel(Role.Writer),
        ["GET logged-models/{model_id}/artifacts/directories"] = LoggedModel(Role.Reader),
        ["GET logged-models/{model_id}/artifacts/files"] = LoggedModel(Role.Reader),

        ["GET artifacts/list"] = Run(Role.Reader),
        ["POST upload-artifact"] = Run(Role.Writer),
        ["GET /get-artifact"] = Run(Role.Reader),
        ["GET /model-versions/get-artifact"] = Model(Role.Reader),
        ["GET mlflow-artifacts/artifacts"] = Files(Role.Reader),
        ["GET mlflow-artifacts/artifacts/{*path}"] = Files(Role.Reader),
        ["PUT mlflow-artifacts/artifacts/{*path}"] = Files(Role.Writer),
        ["DELETE mlflow-artifacts/artifacts/{*path}"] = Files(Role.Admin).Audited("delete files"),
        ["POST mlflow-artifacts/mpu/create/{*path}"] = Files(Role.Writer),
        ["POST mlflow-artifacts/mpu/complete/{*path}"] = Files(Role.Writer),
        ["POST mlflow-artifacts/mpu/abort/{*path}"] = Files(Role.Writer),
        ["GET mlflow-artifacts/presigned/{*path}"] = Files(Role.Reader),
        ["POST artifacts/presigned-upload-url"] = RunOrLoggedModel(Role.Writer),
        ["POST artifacts/presigned-download-url"] = RunOrLoggedModel(Role.Reader),
    };

    /// <summary>What a route asks; null if it declares nothing.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="address">Its whole address.</param>
    public static Need? Find(string method, string address)
    {
        if (Needs.GetValueOrDefault($"{method} {address}") is { } rooted)
        {
            return rooted;
        }

        var prefix = Prefixes.FirstOrDefault(prefix => address.StartsWith(prefix, StringComparison.Ordinal));
        return prefix is null ? null : Needs.GetValueOrDefault($"{method} {address[prefix.Length..]}");
    }

    private static Need Experiment(Role role) => Need.Of((request, rights) => rights.DemandExperiment(request.Required("experiment_id"), role));

    private static Need Run(Role role) => Need.Of((request, rights) => rights.DemandRun(RunRoutes.IdOf(request), role));

    private static Need Runs(string field) => Need.Of((request, rights) =>
    {
        rights.DemandIdentity();
        request.Texts(field).ForEach(id => rights.DemandRun(id, Role.Reader));
    });

    private static Need Model(Role role) => Need.Of((request, rights) => rights.DemandModel(request.Required("name"), role));

    private static Need LoggedModel(Role role) => Need.Of((request, rights) => rights.DemandLoggedModel(request.Required("model_id"), role));

    private static Need RunOrLoggedModel(Role role) => Need.Of((request, rights) =>
    {
        rights.DemandIdentity();
        if (request.Text("run_id") is { Length: > 0 } run)
        {
            rights.DemandRun(run, role);
        }

        if (request.Text("model_id") is { Length: > 0 } model)
        {
            rights.DemandLoggedModel(model, role);
        }
    });

    private static Need Files(Role role) => Need.Of((request, rights) => rights.DemandPath(request.Text("path") ?? "", role));

    // Who names the place of the files could name another's.
    private static void CreateExperiment(RestRequest request, Rights rights) =>
        rights.Demand(request.Text("artifact_location") is { } location && PathOwners.IsOwn(location) ? Role.Admin : Role.Writer);

    // Whoever reads a version reads what it was made from: its maker must be one who may.
    private static void CreateVersion(RestRequest request, Rights rights)
    {
        if (request.Text("run_id") is { Length: > 0 } run)
        {
            rights.DemandRun(run, Role.Reader);
        }

        rights.DemandSource(request.Required("source"));
        rights.DemandModel(request.Required("name"), Role.Writer);
    }
}
