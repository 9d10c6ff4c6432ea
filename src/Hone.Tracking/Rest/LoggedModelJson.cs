using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's message of a logged model.</summary>
internal static class LoggedModelJson
{
    /// <summary>Writes a model as the field <c>model</c>.</summary>
    public static void WriteField(Utf8JsonWriter json, TrackingSession session, in LoggedModel model)
    {
        json.WritePropertyName("model"u8);
        Write(json, session, model);
    }

    /// <summary>Writes a model with all that belongs to it, as an object.</summary>
    public static void Write(Utf8JsonWriter json, TrackingSession session, in LoggedModel model)
    {
        json.WriteStartObject();
        json.WriteStartObject("info"u8);
        WriteInfo(json, session, model);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        WriteParameters(json, "params"u8, session, model.Key);
        WriteMetrics(json, "metrics"u8, session, model.Key);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the parameters of a model; nothing at all if there is none.</summary>
    public static void WriteParameters(Utf8JsonWriter json, ReadOnlySpan<byte> name, TrackingSession session, long model)
    {
        var rows = session.Kept("SELECT key, value FROM logged_model_params WHERE logged_model = ?1 ORDER BY key");
        rows.Bind(1, model);
        PairJson.WriteList(json, name, rows);
    }

    /// <summary>Writes what runs measured of a model; nothing at all if nothing was.</summary>
    public static void WriteMetrics(Utf8JsonWriter json, ReadOnlySpan<byte> name, TrackingSession session, long model)
    {
        var rows = session.Kept(
            """
            SELECT n.name, x.value, x.at, x.step, x.run, x.dataset_name, x.dataset_digest
            FROM logged_model_metrics x JOIN metric_names n USING (metric) WHERE x.logged_model = ?1 ORDER BY n.name, x.run, x.dataset_name, x.dataset_digest
            """);
        rows.Bind(1, model);
        if (!rows.Step())
        {
            return;
        }

        var id = LoggedModels.IdOf(session, model);
        json.WriteStartArray(name);
        do
        {
            json.WriteStartObject();
            json.WriteString("key"u8, rows.Bytes(0));
            json.WriteDouble("value"u8, rows.Double(1));
            json.WriteTime("timestamp"u8, rows.Int64(2));
            json.WriteNumber("step"u8, rows.Int64(3));
            json.WriteString("model_id"u8, id);
            json.WriteString("run_id"u8, session.RunIds.Of(rows.Int64(4)));
            json.WriteText("dataset_name"u8, rows.Text(5) is { Length: > 0 } dataset ? dataset : null);
            json.WriteText("dataset_digest"u8, rows.Text(6) is { Length: > 0 } digest ? digest : null);
            json.WriteEndObject();
        }
        while (rows.Step());
        json.WriteEndArray();
    }

    private static void WriteInfo(Utf8JsonWriter json, TrackingSession session, in LoggedModel model)
    {
        var id = LoggedModels.IdOf(session, model.Key);
        json.WriteString("model_id"u8, id);
        json.WriteString("experiment_id"u8, model.Experiment.ToString(CultureInfo.InvariantCulture));
        json.WriteString("name"u8, model.Name);
        json.WriteTime("creation_timestamp_ms"u8, model.Created);
        json.WriteTime("last_updated_timestamp_ms"u8, model.Updated);
        json.WriteString("artifact_uri"u8, ArtifactLocation.OfLoggedModel(session, model));
        json.WriteString("status"u8, model.Status);
        json.WriteText("model_type"u8, model.ModelType);
        json.WriteText("source_run_id"u8, model.SourceRunId);
        var tags = session.Kept("SELECT key, value FROM logged_model_tags WHERE logged_model = ?1 ORDER BY key");
        tags.Bind(1, model.Key);
        PairJson.WriteList(json, "tags"u8, tags);
        var versions = session.Kept(
            "SELECT m.name, v.version FROM model_versions v JOIN registered_models m USING (model) WHERE v.model_id = ?1 ORDER BY m.name, v.version");
        versions.Bind(1, id);
        if (!versions.Step())
        {
            return;
        }

        json.WriteStartArray("registrations"u8);
        do
        {
            json.WriteStartObject();
            json.WriteString("name"u8, versions.Bytes(0));
            json.WriteString("version"u8, versions.Int64(1).ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        while (versions.Step());
        json.WriteEndArray();
    }
}
