using System.Text.Json;
using Hone.Tracking.Filters;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under which runs and experiments are looked for.</summary>
internal static class SearchRoutes
{
    private const int Usual = 1_000;
    private const int Most = 50_000;
    private const int MostOrders = 20;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "runs/search", new Question(SearchRuns));
        routes.Add("POST", "experiments/search", new Question(SearchExperiments));
        routes.Add("GET", "experiments/search", new Question(SearchExperiments));

        // What clients before version 2 ask by.
        routes.Add("GET", "experiments/list", new Question(SearchExperiments));
    }

    /// <summary>What results are to be sorted by.</summary>
    /// <exception cref="TrackingException">It cannot be read, or is too much.</exception>
    public static List<Order> Orders(RestRequest request) => request.Texts("order_by") switch
    {
        { Count: > MostOrders } => throw TrackingException.Invalid($"Invalid value for parameter 'order_by' supplied: at most {MostOrders} clauses."),
        var clauses => clauses.ConvertAll(Order.Parse),
    };

    private static void SearchRuns(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var most = request.MaxResults(Usual, Most);
        var offset = Offset(request);
        var rights = request.Rights(session);
        var keys = new List<long>();
        foreach (var id in request.Texts("experiment_ids"))
        {
            if (Experiments.KeyOf(session, id) is { } key && !keys.Contains(key) && rights.MayRead(key))
            {
                keys.Add(key);
            }
        }

        var query = new RunQuery
        {
            Experiments = keys,
            Conditions = Filter.Parse(request.Text("filter")),
            Orders = Orders(request),
            IsDeleted = View(request.Text("run_view_type"), "run_view_type"),
            Offset = offset,
            Most = most + 1,
        };
        var found = RunSearch.Find(session, query);
        session.Database.Foresee(found);
        WriteList(answer, "runs"u8, found, most, (json, run) => RunJson.Write(json, session, run));
        WriteNext(answer, found.Count, most, query.Offset);
    }

    private static void SearchExperiments(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var most = request.MaxResults(Usual, Most);
        var offset = Offset(request);
        var found = ExperimentSearch.Find(
            session,
            Filter.Parse(request.Text("filter")),
            Orders(request),
            View(request.Text("view_type"), "view_type"),
            most + 1,
            offset,
            request.Rights(session));
        WriteList(answer, "experiments"u8, found, most, (json, experiment) =>
        {
            json.WriteStartObject();
            ExperimentJson.WriteFields(json, session, experiment);
            json.WriteEndObject();
        });
        WriteNext(answer, found.Count, most, offset);
    }

    /// <summary>How many results a page passes over, by its token.</summary>
    /// <exception cref="TrackingException">The token is none.</exception>
    public static long Offset(RestRequest request) => Math.Max(0, PageToken.Read(request.Text("page_token"), 1) is [var read] ? read : 0);

    /// <summary>Writes a page; nothing at all if it is empty. One more than asked for is looked for, so that it is known whether there are more.</summary>
    public static void WriteList<T>(Utf8JsonWriter answer, ReadOnlySpan<byte> name, List<T> found, int most, Action<Utf8JsonWriter, T> write)
    {
        if (found.Count == 0)
        {
            return;
        }

        answer.WriteStartArray(name);
        for (var i = 0; i < found.Count && i < most; i++)
        {
            write(answer, found[i]);
        }

        answer.WriteEndArray();
    }

    /// <summary>Writes the token of the page after this one, if there is more.</summary>
    public static void WriteNext(Utf8JsonWriter answer, int found, int most, long offset)
    {
        if (found > most)
        {
            answer.WriteString("next_page_token"u8, PageToken.Of(offset + most));
        }
    }

    private static bool? View(string? type, string field) => type switch
    {
        null or "" or "ACTIVE_ONLY" or "1" => false,
        "DELETED_ONLY" or "2" => true,
        "ALL" or "3" => null,
        _ => throw RestRequest.Invalid(field, type, "ViewType"),
    };
}
