using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>experiments/</c>.</summary>
internal static class ExperimentRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "experiments/create", new Change(Create));
        routes.Add("GET", "experiments/get", new Question(Get));
        routes.Add("GET", "experiments/get-by-name", new Question(GetByName));
        routes.Add("POST", "experiments/update", new Change(Update));
        routes.Add("POST", "experiments/delete", new Change(Delete));
        routes.Add("POST", "experiments/restore", new Change(Restore));
        routes.Add("POST", "experiments/set-experiment-tag", new Change(SetTag));
        routes.Add("POST", "experiments/delete-experiment-tag", new Change(DeleteTag));
    }

    private static void Create(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var name = request.Required("name");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw TrackingException.Invalid($"Invalid experiment name: '{name}'. It must not be blank.");
        }

        Limits.CheckLength(name, Limits.ExperimentName, "Experiment name");
        var location = request.Text("artifact_location") is { Length: > 0 } given ? Location(given) : null;
        var tags = new List<(string Key, string Value)>();
        foreach (var tag in request.Objects("tags"))
        {
            tags.Add(Tag(tag));
        }

        var key = Experiments.Create(session.Store, name, location, session.Now);
        foreach (var (tag, value) in tags)
        {
            Experiments.SetTag(session.Store, key, tag, value);
        }

        session.Rights.Own(ObjectKind.Experiment, key);
        answer.WriteString("experiment_id"u8, key.ToString(CultureInfo.InvariantCulture));
    }

    private static void Get(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        Write(answer, session, Experiments.Get(session, request.Required("experiment_id")));

    private static void GetByName(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var name = request.Required("experiment_name");
        Write(answer, session, Experiments.Find(session, name)
            ?? throw TrackingException.NotFound($"Could not find experiment with name '{name}'"));
    }

    private static void Update(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Required("experiment_id");
        var name = request.Text("new_name");
        if (name is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            throw TrackingException.Invalid($"Invalid experiment name: '{name}'. It must not be blank.");
        }

        Limits.CheckLength(name, Limits.ExperimentName, "Experiment name");
        var experiment = Experiments.Get(session.Store, id);
        if (experiment.IsDeleted)
        {
            throw new TrackingException(TrackingError.WrongState, "Cannot rename a non-active experiment.");
        }

        Experiments.Rename(session.Store, experiment, name, session.Now);
    }

    private static void Delete(RestRequest request, ChangeSession session, Utf8JsonWriter answer) =>
        Experiments.SetDeleted(
            session.Store, Experiments.GetActive(session.Store, request.Required("experiment_id")), isDeleted: true, session.Now);

    private static void Restore(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Required("experiment_id");
        var experiment = Experiments.Get(session.Store, id);
        if (!experiment.IsDeleted)
        {
            throw TrackingException.NotFound($"No Experiment with id={id} exists");
        }

        Experiments.SetDeleted(session.Store, experiment, isDeleted: false, session.Now);
    }

    private static void SetTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Required("experiment_id");
        var (key, value) = Tag(request);
        var experiment = Experiments.GetForChange(session.Store, id);
        Experiments.SetTag(session.Store, experiment.Key, key, value);
    }

    private static void DeleteTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Required("experiment_id");
        var key = request.Required("key");
        var experiment = Experiments.GetForChange(session.Store, id);
        if (!Experiments.DeleteTag(session.Store, experiment.Key, key))
        {
            throw TrackingException.NotFound($"No tag with name: {key} in experiment with id {id}");
        }
    }

    private static (string Key, string Value) Tag(RestRequest tag)
    {
        var key = tag.Required("key");
        Limits.CheckKey(key, "Tag");
        var value = tag.Text("value") ?? "";
        Limits.CheckLength(value, Limits.ExperimentTagValue, "Tag value");
        return (key, value);
    }

    // A location is handed to clients, which add paths to it: one with a query or a way up would lead them elsewhere.
    private static string Location(string location) =>
        location.AsSpan().IndexOfAny('#', ';', '?') < 0 && !location.Split('/', '\\').Contains("..")
            ? location.TrimEnd('/')
            : throw TrackingException.Invalid($"Invalid value '{location}' for parameter 'artifact_location' supplied: it has '..', '#', ';' or '?'.");

    /// <summary>Writes an experiment as the field <c>experiment</c>.</summary>
    public static void Write(Utf8JsonWriter answer, TrackingSession session, in Experiment experiment)
    {
        answer.WriteStartObject("experiment"u8);
        ExperimentJson.WriteFields(answer, session, experiment);
        answer.WriteEndObject();
    }
}
