using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses that answer the program of a trial in another way than any other client.</summary>
internal static class TrialRoutes
{
    private const string ParentTag = "mlflow.parentRunId";

    /// <summary>Puts these routes in the place of a server's.</summary>
    /// <param name="routes">The routes of a server.</param>
    /// <param name="experiment">Key of the study's experiment.</param>
    public static void AddTo(RouteTable routes, long experiment)
    {
        // A client that sets an experiment by its name goes on in the experiment that it gets, and resumes a run of no other one.
        routes.Replace("GET", "experiments/get-by-name", new Question((request, session, answer) =>
        {
            request.Required("experiment_name");
            ExperimentRoutes.Write(answer, session, Experiments.Find(session, experiment)!.Value);
        }));
        routes.Replace("POST", "runs/create", new TrialChange((request, trial) =>
            IsChild(request) || !trial.TryClaim() ? RunRoutes.Create : (fields, session, answer) => Adopt(trial, fields, session, answer)));
        routes.Replace("POST", "runs/update", new TrialChange((request, trial) => trial.Owns(RunRoutes.IdOf(request)) ? Update : RunRoutes.Update));
        routes.Replace("POST", "runs/log-parameter", new TrialChange((request, trial) =>
            trial.Owns(RunRoutes.IdOf(request)) ? (fields, session, _) => LogParameter(trial, fields, session) : RunRoutes.LogParameter));
        routes.Replace("POST", "runs/log-metric", new TrialLog(body => BatchRequest.Of(MetricRequest.Read(body))));
        routes.Replace("POST", "runs/log-batch", new TrialLog(BatchRequest.Read));
    }

    private static bool IsChild(RestRequest request) => request.Objects("tags").Any(tag => tag.Text("key") == ParentTag);

    private static void Adopt(TrialClient trial, RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var (name, tags) = RunRoutes.NameAndTags(request);
        var run = TrackedRuns.GetForTags(session.Store, trial.RunId);
        if (!string.IsNullOrEmpty(name))
        {
            TrackedRuns.Rename(session.Store, run, name);
        }

        tags.ForEach(tag => TrackedRuns.SetTag(session.Store, run, tag.Key, tag.Value));
        answer.WriteStartObject("run"u8);
        RunJson.WriteFields(answer, session.Store, run);
        answer.WriteEndObject();
    }

    // The status is the tuner's to say: by how the program ends, and why.
    private static void Update(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = RunRoutes.IdOf(request);
        if (request.Text("status") is { Length: > 0 } status)
        {
            RunRoutes.Status(status);
        }

        var name = request.Text("run_name");
        var run = TrackedRuns.GetForTags(session.Store, id);
        if (!string.IsNullOrEmpty(name))
        {
            TrackedRuns.Rename(session.Store, run, Limits.Cut(name, Limits.TagValue));
        }

        answer.WriteStartObject("run_info"u8);
        RunJson.WriteInfoFields(answer, session.Store, run);
        answer.WriteEndObject();
    }

    private static void LogParameter(TrialClient trial, RestRequest request, ChangeSession session) => TrialParameters.Log(
        session.Store, trial.RunId, trial.Attempt, [RunRoutes.Parameter(request.Text("key"), request.Text("value"))]);
}
