using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>metrics/</c>: what runs logged over time.</summary>
internal static class HistoryRoutes
{
    private const int MostRuns = 100;
    private const int MostInBulk = 25_000;
    private const int MostOfRun = 2_500;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("GET", "metrics/get-history", new HistoryRoute());
        routes.Add("GET", "metrics/get-history-bulk", new Question(GetBulk));
        routes.Add("GET", "metrics/get-history-bulk-interval", new Question(GetSample));
    }

    // Of several runs one after the other, until the number is reached.
    private static void GetBulk(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var ids = RunIdsOf(request, "run_id", "GetMetricHistoryBulk");
        var name = request.Required("metric_key");
        var left = (int)Math.Clamp(request.Int64("max_results") ?? MostInBulk, 1, MostInBulk);
        var runs = ids.ConvertAll(id => TrackedRuns.Get(session, id));
        answer.WriteStartArray("metrics"u8);
        for (var i = 0; i < runs.Count && left > 0; i++)
        {
            var history = new MetricHistory(session, runs[i], name, null, left);
            for (; history.Next(out var point); left--)
            {
                MetricJson.WritePoint(answer, name, point, ids[i]);
            }
        }

        answer.WriteEndArray();
    }

    private static void GetSample(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var ids = RunIdsOf(request, "run_ids", "GetMetricHistoryBulkInterval");
        var name = request.Required("metric_key");
        var most = request.MaxResults(MostOfRun, MostOfRun);
        var (first, last) = Interval(request);
        var runs = ids.ConvertAll(id => TrackedRuns.Get(session, id));
        var steps = StepSample.Of(session, runs, name, first, last, most);
        answer.WriteStartArray("metrics"u8);
        for (var i = 0; i < runs.Count; i++)
        {
            var left = MostOfRun;
            var history = new MetricHistory(session, runs[i], name, null, int.MaxValue);
            while (left > 0 && history.Next(out var point))
            {
                if (steps.Contains(point.Step))
                {
                    MetricJson.WritePoint(answer, name, point, ids[i]);
                    left--;
                }
            }
        }

        answer.WriteEndArray();
    }

    private static List<string> RunIdsOf(RestRequest request, string field, string what)
    {
        var ids = request.Texts(field);
        return ids.Count switch
        {
            0 => throw TrackingException.Invalid($"{what} request must specify at least one {field}."),
            > MostRuns => throw TrackingException.Invalid($"{what} request cannot specify more than {MostRuns} run_ids. Received {ids.Count} run_ids."),
            _ => ids,
        };
    }

    private static (long First, long Last) Interval(RestRequest request) => (request.Int64("start_step"), request.Int64("end_step")) switch
    {
        (null, null) => (long.MinValue, long.MaxValue),
        ({ } first, { } last) when first <= last => (first, last),
        ({ } first, { } last) => throw TrackingException.Invalid(
            $"end_step must be greater than start_step. Found start_step={first} and end_step={last}."),
        _ => throw TrackingException.Invalid("If either start step or end step are specified, both must be specified."),
    };
}
