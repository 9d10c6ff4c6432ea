using System.Runtime.InteropServices;
using System.Text.Json;
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

    private static void LogMetric(MetricRequest request, ChangeSession session, Utf8JsonWriter answer) =>
        RunMetrics.Log(session.Store, TrackedRuns.GetForChange(session.Store, request.RunId), request.Metric);

    private static void LogBatch(BatchRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var store = session.Store;
        var (run, trial) = TrackedRuns.GetActive(store, request.RunId);
        if (trial is { } number && request.Metrics.Count > 0)
        {
            throw TrackedRuns.IsTrial(request.RunId, number);
        }

        RunParameters.Check(store, request.RunId, run, trial, request.Parameters);
        RunParameters.Add(store, run, request.Parameters);
        RunMetrics.Log(store, run, CollectionsMarshal.AsSpan(request.Metrics));
        foreach (var (key, value) in request.Tags)
        {
            TrackedRuns.SetTagOrName(store, run, key, value);
        }
    }
}
