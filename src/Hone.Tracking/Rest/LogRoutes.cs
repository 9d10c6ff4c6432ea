using System.Runtime.InteropServices;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under which programs log while they run, many times a second.</summary>
internal static class LogRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "runs/log-metric", new ReadChange<MetricRequest>(MetricRequest.Read, LogMetric));
        routes.Add("POST", "runs/log-batch", new ReadChange<BatchRequest>(BatchRequest.Read, LogBatch));
    }

    // A value may be one of a model, which may be of another experiment.
    private static void Authorize(in ChangeSession session, string run, params ReadOnlySpan<LoggedMetric> metrics)
    {
        if (session.Caller is null)
        {
            return;
        }

        var rights = session.Rights;
        rights.DemandRun(run, Role.Writer);
        foreach (ref readonly var metric in metrics)
        {
            if (metric.Model is { } model)
            {
                rights.DemandLoggedModel(model.Id, Role.Writer);
            }
        }
    }

    private static void LogMetric(MetricRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        Authorize(session, request.RunId, request.Metric);
        var run = TrackedRuns.GetForChange(session.Store, request.RunId);
        RunMetrics.Log(session.Store, run, request.Metric);
        LoggedModelMetrics.Keep(session.Store, run, request.Metric);
    }

    /// <summary>Logs values, parameters and tags.</summary>
    public static void LogBatch(BatchRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        Authorize(session, request.RunId, CollectionsMarshal.AsSpan(request.Metrics));
        var store = session.Store;
        var (run, trial) = TrackedRuns.GetActive(store, request.RunId);
        if (trial is { } number && request.Metrics.Count > 0)
        {
            throw TrackedRuns.IsTrial(request.RunId, number);
        }

        RunParameters.Check(store, request.RunId, run, trial, request.Parameters);
        RunParameters.Add(store, run, request.Parameters);
        var metrics = CollectionsMarshal.AsSpan(request.Metrics);
        RunMetrics.Log(store, run, metrics);
        foreach (ref readonly var metric in metrics)
        {
            LoggedModelMetrics.Keep(store, run, metric);
        }

        foreach (var (key, value) in request.Tags)
        {
            TrackedRuns.SetTagOrName(store, run, key, value);
        }
    }
}
