using System.Buffers;
using System.Text.Json;

namespace Hone.Tracking.Client;

/// <summary>Makes the run of a spool on its server, or finds it there: once, whatever answers were lost.</summary>
/// <remarks>
/// A run is made with a tag of its own, and looked for by it before it is made a second time. It could be there twice only if a server did
/// what it was asked after it had left the question without an answer for the whole limit, and after it was asked whether it had.
/// </remarks>
internal sealed class RunOpening(Spool spool, TrackingConnection connection)
{
    private string? _experiment;
    private bool _mayExist = spool.Run.MayExist || spool.IsLeftOver;

    /// <summary>Makes or finds the run and writes down in the spool what the server calls it.</summary>
    public async Task<ServerAnswer> OpenAsync(CancellationToken cancellationToken)
    {
        var answer = spool.Run.RunId is { } id ? await ResumeAsync(id, cancellationToken) : await MakeAsync(cancellationToken);
        if (answer.Kind != AnswerKind.Done)
        {
            return answer;
        }

        if (Known(answer.Body) is not { } known)
        {
            return ServerAnswer.Refused("What answers there is no tracking server: it told nothing of the run.");
        }

        spool.Tell(known);
        return answer;
    }

    private async Task<ServerAnswer> ResumeAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await connection.GetAsync($"runs/get?run_id={Uri.EscapeDataString(id)}", cancellationToken);
        return answer.Kind == AnswerKind.Done ? await RunAgainAsync(answer, cancellationToken) : answer;
    }

    private async Task<ServerAnswer> MakeAsync(CancellationToken cancellationToken)
    {
        if (_experiment is null)
        {
            (_experiment, var trouble) = await ExperimentAsync(cancellationToken);
            if (_experiment is null)
            {
                return trouble;
            }
        }

        if (_mayExist)
        {
            var found = await FindAsync(_experiment, cancellationToken);
            if (found.Kind != AnswerKind.Done || found.Body.ValueKind == JsonValueKind.Object)
            {
                return found.Kind == AnswerKind.Done ? await RunAgainAsync(found, cancellationToken) : found;
            }
        }

        _mayExist = true;
        return await connection.PostAsync("runs/create", Creation(_experiment), cancellationToken);
    }

    // A run that had ended runs again. One that another program ends, such as a trial, refuses that, which is as well.
    private async Task<ServerAnswer> RunAgainAsync(ServerAnswer found, CancellationToken cancellationToken)
    {
        if (Info(found.Body) is not { } info || Text(info, "status") is "RUNNING" or null)
        {
            return found;
        }

        var body = Json(json =>
        {
            json.WriteString("run_id"u8, Text(info, "run_id"));
            json.WriteString("status"u8, "RUNNING"u8);
        });
        var answer = await connection.PostAsync("runs/update", body, cancellationToken);
        return answer.Kind == AnswerKind.TryAgain || answer.IsForbidden ? answer : found;
    }

    private async Task<(string? Id, ServerAnswer Trouble)> ExperimentAsync(CancellationToken cancellationToken)
    {
        if (spool.Run.Experiment is not { } name)
        {
            return (spool.Run.ExperimentId ?? "0", ServerAnswer.Done);
        }

        // Another process may make it at the same time: then it is there when it is asked for again.
        for (var attempt = 1; ; attempt++)
        {
            var found = await connection.GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}", cancellationToken);
            if (found.Kind == AnswerKind.Done)
            {
                return IdOf(found, name);
            }

            if (!found.IsMissing)
            {
                return (null, found);
            }

            var made = await connection.PostAsync("experiments/create", Json(json => json.WriteString("name"u8, name)), cancellationToken);
            if (made.Kind == AnswerKind.Done && Text(made.Body, "experiment_id") is { } id)
            {
                return (id, made);
            }

            if (!made.Exists || attempt == 3)
            {
                return (null, made.Kind == AnswerKind.Done ? ServerAnswer.Refused("What answers there is no tracking server: it named no experiment.") : made);
            }
        }
    }

    private static (string? Id, ServerAnswer Trouble) IdOf(ServerAnswer found, string name)
    {
        var experiment = found.Body.ValueKind == JsonValueKind.Object && found.Body.TryGetProperty("experiment", out var inner) ? inner : default;
        return Text(experiment, "lifecycle_stage") == "deleted"
            ? (null, ServerAnswer.Refused($"The experiment '{name}' is deleted there. Restore it, or name another."))
            : Text(experiment, "experiment_id") is { } id ? (id, found)
            : (null, ServerAnswer.Refused("What answers there is no tracking server: it named no experiment."));
    }

    // Done with an object: the run. Done without: there is none.
    private async Task<ServerAnswer> FindAsync(string experiment, CancellationToken cancellationToken)
    {
        var body = Json(json =>
        {
            json.WriteStartArray("experiment_ids"u8);
            json.WriteStringValue(experiment);
            json.WriteEndArray();
            json.WriteString("filter"u8, $"tags.`{SpooledRun.KeyTag}` = '{spool.Run.Key}'");
            json.WriteString("run_view_type"u8, "ACTIVE_ONLY"u8);
            json.WriteNumber("max_results"u8, 1);
        });
        var answer = await connection.PostAsync("runs/search", body, cancellationToken);
        if (answer.Kind != AnswerKind.Done)
        {
            return answer;
        }

        var isFound = answer.Body.TryGetProperty("runs", out var runs) && runs.ValueKind == JsonValueKind.Array && runs.GetArrayLength() > 0;
        return isFound ? answer with { Body = runs[0] } : ServerAnswer.Done;
    }

    private ReadOnlyMemory<byte> Creation(string experiment) => Json(json =>
    {
        var run = spool.Run;
        json.WriteString("experiment_id"u8, experiment);
        json.WriteString("user_id"u8, run.User);
        if (run.Name is not null)
        {
            json.WriteString("run_name"u8, run.Name);
        }

        json.WriteNumber("start_time"u8, run.StartTime);
        json.WriteStartArray("tags"u8);
        WriteTag(json, SpooledRun.KeyTag, run.Key);
        WriteTag(json, "mlflow.user", run.User);
        json.WriteEndArray();
    });

    private static void WriteTag(Utf8JsonWriter json, string key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }

    /// <summary>An object as bytes.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> fields)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    // Of an answer with a run in it, or of a run.
    private static JsonElement? Info(JsonElement body)
    {
        var run = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("run", out var inner) ? inner : body;
        return run.ValueKind == JsonValueKind.Object && run.TryGetProperty("info", out var info) ? info : null;
    }

    private static KnownRun? Known(JsonElement body) =>
        Info(body) is { } info && Text(info, "run_id") is { } id
            ? new KnownRun(id, Text(info, "experiment_id") ?? "", Text(info, "artifact_uri") ?? "")
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
