using System.Text.Json;
using Hone.Tracking.Filters;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>logged-models</c>, which clients from version 3 on log models by.</summary>
internal static class LoggedModelRoutes
{
    private const int Usual = 100;
    private const int Most = 1_000;
    private const int MostExperiments = 1_000;
    private const int MostDatasets = 100;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "logged-models", new Change(Create));
        routes.Add("POST", "logged-models/search", new Question(Search));
        routes.Add("GET", "logged-models/{model_id}", new Question(Get));
        routes.Add("PATCH", "logged-models/{model_id}", new Change(Finish));
        routes.Add("DELETE", "logged-models/{model_id}", new Change(Delete));
        routes.Add("PATCH", "logged-models/{model_id}/tags", new Change(SetTags));
        routes.Add("DELETE", "logged-models/{model_id}/tags/{tag_key}", new Change(DeleteTag));
        routes.Add("POST", "logged-models/{model_id}/params", new Change(LogParameters));
    }

    private static void Create(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var experimentId = request.Required("experiment_id");
        var name = request.Text("name") is { Length: > 0 } given ? RegistryLimits.LoggedModelName(given) : null;
        var type = Limits.Cut(request.Text("model_type") ?? "", Limits.ExperimentName);
        var run = request.Text("source_run_id");
        var parameters = Parameters(request);
        var tags = Tags(request);
        var experiment = Experiments.GetForChange(session.Store, experimentId);
        var key = LoggedModels.Create(
            session.Store, experiment.Key, name, type.Length > 0 ? type : null, string.IsNullOrEmpty(run) ? null : run, session.Now);
        parameters.ForEach(pair => LoggedModels.SetParameter(session.Store, key, pair.Key, pair.Value));
        tags.ForEach(pair => LoggedModels.SetTag(session.Store, key, pair.Key, pair.Value));
        Write(answer, session.Store, LoggedModels.IdOf(session.Store, key));
    }

    private static void Get(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        LoggedModelJson.WriteField(answer, session, Of(request, session));

    private static void Finish(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var status = LoggedModels.Status(request.Required("status"));
        var model = Of(request, session.Store);
        LoggedModels.SetStatus(session.Store, model.Key, status, session.Now);
        Write(answer, session.Store, LoggedModels.IdOf(session.Store, model.Key));
    }

    private static void Delete(RestRequest request, ChangeSession session, Utf8JsonWriter answer) =>
        LoggedModels.Delete(session.Store, Of(request, session.Store).Key, session.Now);

    private static void SetTags(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var tags = Tags(request);
        var model = Of(request, session.Store);
        tags.ForEach(pair => LoggedModels.SetTag(session.Store, model.Key, pair.Key, pair.Value));
        Write(answer, session.Store, LoggedModels.IdOf(session.Store, model.Key));
    }

    private static void DeleteTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Required("model_id");
        var key = Uri.UnescapeDataString(request.Required("tag_key"));
        if (!LoggedModels.DeleteTag(session.Store, LoggedModels.Get(session.Store, id).Key, key))
        {
            throw TrackingException.NotFound($"No tag with key '{key}' for model with ID '{id}'.");
        }
    }

    private static void LogParameters(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var parameters = Parameters(request);
        var model = Of(request, session.Store);
        parameters.ForEach(pair => LoggedModels.SetParameter(session.Store, model.Key, pair.Key, pair.Value));
    }

    private static void Search(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var most = request.MaxResults(Usual, Most);
        var query = new LoggedModelQuery
        {
            Experiments = ExperimentKeys(request, session).FindAll(request.Rights(session).MayRead),
            Conditions = Filter.Parse(request.Text("filter")),
            Datasets = [.. request.Objects("datasets").Select(Dataset)],
            Orders = [.. request.Objects("order_by").Select(Order)],
            Offset = SearchRoutes.Offset(request),
            Most = most + 1,
        };
        CheckCount(query.Datasets.Count, MostDatasets, "datasets");
        CheckCount(query.Orders.Count, MostDatasets, "order_by");
        var found = LoggedModelSearch.Find(session, query);
        SearchRoutes.WriteList(answer, "models"u8, found, most, (json, model) => LoggedModelJson.Write(json, session, model));
        SearchRoutes.WriteNext(answer, found.Count, most, query.Offset);
    }

    private static List<long> ExperimentKeys(RestRequest request, TrackingSession session)
    {
        var keys = new List<long>();
        foreach (var id in request.Texts("experiment_ids"))
        {
            if (Experiments.KeyOf(session, id) is { } key && !keys.Contains(key))
            {
                keys.Add(key);
                CheckCount(keys.Count, MostExperiments, "experiment_ids");
            }
        }

        return keys;
    }

    private static void CheckCount(int count, int most, string field)
    {
        if (count > most)
        {
            throw TrackingException.Invalid($"Invalid value for parameter '{field}' supplied: at most {most} can be named.");
        }
    }

    private static LoggedModelOrder Order(RestRequest order) => new(
        Subjects.Parse(order.Required("field_name")),
        !(order.Truth("ascending") ?? true),
        order.Text("dataset_name") is { Length: > 0 } name ? (name, order.Text("dataset_digest")) : null);

    private static (string Name, string? Digest) Dataset(RestRequest dataset) => (dataset.Required("dataset_name"), dataset.Text("dataset_digest"));

    private static List<(string Key, string Value)> Parameters(RestRequest request) =>
        [.. request.Objects("params").Select(pair => RunRoutes.Parameter(pair.Text("key"), pair.Text("value")))];

    private static List<(string Key, string Value)> Tags(RestRequest request) =>
        [.. request.Objects("tags").Select(pair => RunRoutes.Tag(pair.Text("key"), pair.Text("value")))];

    private static LoggedModel Of(RestRequest request, TrackingSession session) => LoggedModels.Get(session, request.Required("model_id"));

    private static void Write(Utf8JsonWriter answer, TrackingSession session, string id) =>
        LoggedModelJson.WriteField(answer, session, LoggedModels.Get(session, id));
}
