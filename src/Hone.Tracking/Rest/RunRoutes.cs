using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>runs/</c> that make, read and end runs.</summary>
internal static class RunRoutes
{
    private static readonly string[] Statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "runs/create", new Change(Create));
        routes.Add("GET", "runs/get", new Question(Get));
        routes.Add("POST", "runs/update", new Change(Update));
        routes.Add("POST", "runs/delete", new Change(Delete));
        routes.Add("POST", "runs/restore", new Change(Restore));
        routes.Add("POST", "runs/set-tag", new Change(SetTag));
        routes.Add("POST", "runs/delete-tag", new Change(DeleteTag));
        routes.Add("POST", "runs/log-parameter", new Change(LogParameter));
    }

    /// <summary>The id of the run that a request is about, by its new name or its old one.</summary>
    /// <exception cref="TrackingException">There is neither.</exception>
    public static string IdOf(RestRequest request) =>
        request.Text("run_id") is { Length: > 0 } id ? id
        : request.Text("run_uuid") is { Length: > 0 } old ? old
        : throw RestRequest.Missing("run_id");

    /// <summary>A parameter's key and value, checked and cut as the protocol has it.</summary>
    public static (string Key, string Value) Parameter(string? key, string? value)
    {
        Limits.CheckKey(key, "Parameter");
        return (key!, Limits.Cut(value ?? "", Limits.ParameterValue));
    }

    /// <summary>A tag's key and value, checked and cut as the protocol has it.</summary>
    public static (string Key, string Value) Tag(string? key, string? value)
    {
        Limits.CheckKey(key, "Tag");
        return (key!, Limits.Cut(value ?? "", Limits.TagValue));
    }

    /// <summary>Makes a run.</summary>
    public static void Create(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = request.Text("experiment_id") is { Length: > 0 } given ? given : "0";
        var start = request.Int64("start_time") is { } time ? Milliseconds.ToTicks(time, "start_time") : session.Now;
        var user = request.Text("user_id") ?? "";
        var (name, tags) = NameAndTags(request);
        var experiment = Experiments.GetForChange(session.Store, id);
        var run = TrackedRuns.Create(session.Store, experiment.Key, user, name, start);
        foreach (var (key, value) in tags)
        {
            TrackedRuns.SetTag(session.Store, run, key, value);
        }

        answer.WriteStartObject("run"u8);
        RunJson.WriteFields(answer, session.Store, run);
        answer.WriteEndObject();
    }

    /// <summary>The name and the tags of a run that is to be made.</summary>
    /// <exception cref="TrackingException">A tag is malformed, or says another name.</exception>
    public static (string? Name, List<(string Key, string Value)> Tags) NameAndTags(RestRequest request)
    {
        var name = request.Text("run_name");
        var tags = new List<(string Key, string Value)>();
        foreach (var item in request.Objects("tags"))
        {
            var tag = Tag(item.Required("key"), item.Text("value"));
            if (tag.Key != TrackedRuns.NameTag)
            {
                tags.Add(tag);
            }
            else if (!string.IsNullOrEmpty(name) && name != tag.Value)
            {
                throw TrackingException.Invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                    + $"(run_name='{name}', mlflow.runName='{tag.Value}').");
            }
            else
            {
                name = tag.Value;
            }
        }

        return (name is null ? null : Limits.Cut(name, Limits.TagValue), tags);
    }

    private static void Get(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var run = TrackedRuns.Get(session, IdOf(request));
        answer.WriteStartObject("run"u8);
        RunJson.WriteFields(answer, session, run);
        answer.WriteEndObject();
    }

    /// <summary>Changes a run's status, end and name.</summary>
    public static void Update(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = IdOf(request);
        var status = request.Text("status") is { Length: > 0 } given ? Status(given) : null;
        long? end = request.Int64("end_time") is { } time ? Milliseconds.ToTicks(time, "end_time") : null;
        var name = request.Text("run_name");

        // A trial may be given a name, as it may be given tags.
        var run = status is null && end is null ? TrackedRuns.GetForTags(session.Store, id) : TrackedRuns.GetForChange(session.Store, id);
        if (status is not null || end is not null)
        {
            TrackedRuns.Update(session.Store, run, status, end);
        }

        if (!string.IsNullOrEmpty(name))
        {
            TrackedRuns.Rename(session.Store, run, Limits.Cut(name, Limits.TagValue));
        }

        answer.WriteStartObject("run_info"u8);
        RunJson.WriteInfoFields(answer, session.Store, run);
        answer.WriteEndObject();
    }

    private static void Delete(RestRequest request, ChangeSession session, Utf8JsonWriter answer) => SetDeleted(request, session, isDeleted: true);

    private static void Restore(RestRequest request, ChangeSession session, Utf8JsonWriter answer) => SetDeleted(request, session, isDeleted: false);

    private static void SetDeleted(RestRequest request, ChangeSession session, bool isDeleted)
    {
        var id = IdOf(request);
        var run = TrackedRuns.GetOwn(session.Store, id);
        TrackedRuns.SetDeleted(session.Store, run, isDeleted, session.Now);
    }

    private static void SetTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = IdOf(request);
        var (key, value) = Tag(request.Text("key"), request.Text("value"));
        TrackedRuns.SetTagOrName(session.Store, TrackedRuns.GetForTags(session.Store, id), key, value);
    }

    private static void DeleteTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = IdOf(request);
        var key = request.Required("key");
        if (!TrackedRuns.DeleteTag(session.Store, TrackedRuns.GetForTags(session.Store, id), key))
        {
            throw TrackingException.NotFound($"No tag with name: {key} in run with id {id}");
        }
    }

    /// <summary>Logs a parameter.</summary>
    public static void LogParameter(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var id = IdOf(request);
        var (key, value) = Parameter(request.Text("key"), request.Text("value"));
        RunParameters.Log(session.Store, id, [(key, value)]);
    }

    /// <summary>A status as the protocol writes it, from its name or its number.</summary>
    /// <exception cref="TrackingException">There is none such.</exception>
    public static string Status(string given) =>
        Array.IndexOf(Statuses, given) >= 0 ? given
        : given is ['1' or '2' or '3' or '4' or '5'] ? Statuses[given[0] - '1']
        : throw RestRequest.Invalid("status", given, "RunStatus");
}
