using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's messages of a run.</summary>
/// <remarks>A search writes a thousand of them: texts go from the store to the answer as the bytes they are.</remarks>
internal static class RunJson
{
    private const string Columns =
        "r.run, r.run_name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, r.lifecycle_stage, r.trial, r.state, e.artifact_location";

    /// <summary>Writes a run with all that belongs to it, as an object.</summary>
    public static void Write(Utf8JsonWriter json, TrackingSession session, long run)
    {
        json.WriteStartObject();
        WriteFields(json, session, run);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of a run with all that belongs to it.</summary>
    public static void WriteFields(Utf8JsonWriter json, TrackingSession session, long run)
    {
        json.WriteStartObject("info"u8);
        var isOpenTrial = WriteInfoFields(json, session, run);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        MetricJson.WriteLatest(json, session, run, isOpenTrial);
        var parameters = session.Kept("SELECT key, value FROM params WHERE run = ?1 ORDER BY key");
        parameters.Bind(1, run);
        PairJson.WriteList(json, "params"u8, parameters);
        var tags = session.Kept("SELECT key, value FROM run_tags WHERE run = ?1 ORDER BY key");
        tags.Bind(1, run);
        PairJson.WriteList(json, "tags"u8, tags);
        json.WriteEndObject();
        RunInputsJson.Write(json, session, run);
    }

    /// <summary>Writes the fields of a run's info; true if the run is a trial that has not ended.</summary>
    public static bool WriteInfoFields(Utf8JsonWriter json, TrackingSession session, long run)
    {
        var row = session.Kept($"SELECT {Columns} FROM runs r JOIN experiments e ON e.experiment = r.run >> 32 WHERE r.run = ?1");
        row.Bind(1, run);
        row.Step();
        var id = session.RunIds.Of(run);
        var experiment = RunIds.ExperimentOf(run);
        json.WriteString("run_id"u8, id);
        json.WriteString("run_uuid"u8, id);
        json.WriteString("run_name"u8, row.IsNull(1) && !row.IsNull(8) ? TrialName(row.Int64(8)) : row.Text(1) ?? "");
        json.WriteString("experiment_id"u8, experiment.ToString(CultureInfo.InvariantCulture));
        json.WriteString("user_id"u8, row.Bytes(2));
        json.WriteString("status"u8, row.Bytes(3));
        WriteTimes(json, row);
        json.WriteString("artifact_uri"u8, row.Text(6) ?? ArtifactUri(row.Text(10), experiment, id));
        json.WriteString("lifecycle_stage"u8, row.Bytes(7));
        var isOpenTrial = !row.IsNull(9) && row.Bytes(9) is var state && (state.SequenceEqual("Waiting"u8) || state.SequenceEqual("Running"u8));
        row.Reset();
        return isOpenTrial;
    }

    private static void WriteTimes(Utf8JsonWriter json, Statement row)
    {
        if (!row.IsNull(4))
        {
            json.WriteTime("start_time"u8, row.Int64(4));
        }

        if (!row.IsNull(5))
        {
            json.WriteTime("end_time"u8, row.Int64(5));
        }
    }

    private static string TrialName(long trial) => string.Create(CultureInfo.InvariantCulture, $"trial {trial}");

    private static string ArtifactUri(string? location, long experiment, string id) => location is null
        ? string.Create(CultureInfo.InvariantCulture, $"mlflow-artifacts:/{experiment}/{id}/artifacts")
        : $"{location}/{id}/artifacts";
}
