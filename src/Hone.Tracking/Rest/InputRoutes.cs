using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under which runs note what they read and write.</summary>
internal static class InputRoutes
{
    // What older clients note of a model is kept in a tag, as a list.
    private const string ModelHistoryTag = "mlflow.log-model.history";
    private const int MostExperiments = 20;

    private static readonly string[] ModelFields = ["artifact_path", "flavors", "run_id", "utc_time_created"];

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "runs/log-inputs", new Change(LogInputs));
        routes.Add("POST", "runs/outputs", new Change(LogOutputs));
        routes.Add("POST", "runs/log-model", new Change(LogModel));
        routes.Add("POST", "experiments/search-datasets", new Question(SearchDatasets));
    }

    private static void LogInputs(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = RunRoutes.IdOf(request);
        var datasets = request.Objects("datasets").Select(Dataset).ToList();
        var models = request.Objects("models").Select(model => model.Required("model_id")).ToList();
        var run = TrackedRuns.GetForTags(session.Store, id);
        datasets.ForEach(dataset => RunInputs.Add(session.Store, run, dataset));
        models.ForEach(model => RunInputs.AddModel(session.Store, run, model, step: null));
    }

    private static LoggedDataset Dataset(RestRequest input)
    {
        var dataset = input.Object("dataset") ?? throw RestRequest.Missing("dataset");
        return new LoggedDataset
        {
            Name = Limited(dataset.Required("name"), 500, "name"),
            Digest = Limited(dataset.Required("digest"), 36, "digest"),
            SourceType = dataset.Required("source_type"),
            Source = Limited(dataset.Required("source"), 65_535, "source"),
            Schema = Limited(dataset.Text("schema"), 1_048_575, "schema"),
            Profile = Limited(dataset.Text("profile"), 16_777_215, "profile"),
            Tags = [.. input.Objects("tags").Select(tag => RunRoutes.Tag(tag.Required("key"), tag.Text("value")))],
        };
    }

    private static string Limited(string? text, int most, string field) => text is null || text.Length <= most
        ? text!
        : throw TrackingException.Invalid($"Dataset {field} exceeds the maximum length of {most}");

    private static void LogOutputs(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = RunRoutes.IdOf(request);
        var models = request.Objects("models").Select(model => (Id: model.Required("model_id"), Step: model.Int64("step") ?? 0)).ToList();
        var run = TrackedRuns.GetForTags(session.Store, id);
        models.ForEach(model => RunInputs.AddModel(session.Store, run, model.Id, model.Step));
    }

    private static void LogModel(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = RunRoutes.IdOf(request);
        var model = Model(request.Required("model_json"));
        var run = TrackedRuns.GetForTags(session.Store, id);
        var history = TrackedRuns.Tag(session.Store, run, ModelHistoryTag) is { } earlier ? List(earlier) : [];
        history.Add((JsonNode?)model);
        TrackedRuns.SetTag(session.Store, run, ModelHistoryTag, history.ToJsonString());
    }

    private static JsonObject Model(string text)
    {
        JsonObject? model;
        try
        {
            model = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            model = null;
        }

        if (model is null)
        {
            throw TrackingException.Invalid($"Malformed model info. \n {text} \n is not valid JSON.");
        }

        string[] missing = [.. ModelFields.Where(field => !model.ContainsKey(field))];
        return missing.Length == 0
            ? model
            : throw TrackingException.Invalid($"Model json is missing mandatory fields: {{{string.Join(", ", missing.Select(field => $"'{field}'"))}}}");
    }

    // A client may have set the tag to anything; what is no list gives way to one.
    private static JsonArray List(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void SearchDatasets(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var ids = request.Texts("experiment_ids");
        if (ids.Count is 0 or > MostExperiments)
        {
            throw TrackingException.Invalid($"SearchDatasets request must specify 1 to {MostExperiments} experiment_ids. Received {ids.Count} experiment_ids.");
        }

        answer.WriteStartArray("dataset_summaries"u8);
        foreach (var id in ids)
        {
            var experiment = Experiments.Get(session, id).Key;
            if (!request.Rights(session).MayRead(experiment))
            {
                continue;
            }

            var rows = session.Kept(
                """
                SELECT DISTINCT d.name, d.digest, t.value FROM datasets d
                LEFT JOIN run_dataset_tags t ON t.dataset = d.dataset AND t.key = 'mlflow.data.context'
                WHERE d.experiment = ?1 ORDER BY d.name, d.digest LIMIT 1000
                """);
            rows.Bind(1, experiment);
            while (rows.Step())
            {
                answer.WriteStartObject();
                answer.WriteString("experiment_id"u8, experiment.ToString(CultureInfo.InvariantCulture));
                answer.WriteString("name"u8, rows.Bytes(0));
                answer.WriteString("digest"u8, rows.Bytes(1));
                answer.WriteText("context"u8, rows.Text(2));
                answer.WriteEndObject();
            }
        }

        answer.WriteEndArray();
    }
}
