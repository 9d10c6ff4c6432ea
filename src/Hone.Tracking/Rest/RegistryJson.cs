using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's messages of registered models and their versions.</summary>
internal static class RegistryJson
{
    /// <summary>Writes a model with all that belongs to it, as an object.</summary>
    public static void Write(Utf8JsonWriter json, TrackingSession session, in RegisteredModel model)
    {
        json.WriteStartObject();
        WriteFields(json, session, model);
        json.WriteEndObject();
    }

    /// <summary>Writes a model as the field <c>registered_model</c>.</summary>
    public static void WriteField(Utf8JsonWriter json, TrackingSession session, in RegisteredModel model)
    {
        json.WriteStartObject("registered_model"u8);
        WriteFields(json, session, model);
        json.WriteEndObject();
    }

    /// <summary>Writes a version as the field <c>model_version</c>.</summary>
    public static void WriteField(Utf8JsonWriter json, TrackingSession session, in ModelVersion version)
    {
        json.WriteStartObject("model_version"u8);
        WriteFields(json, session, version);
        WriteLoggedModel(json, session, version);
        json.WriteEndObject();
    }

    /// <summary>Writes versions as a list; nothing at all if there is none.</summary>
    public static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, TrackingSession session, List<ModelVersion> versions)
    {
        if (versions.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var version in versions)
        {
            Write(json, session, version);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a version, as an object.</summary>
    public static void Write(Utf8JsonWriter json, TrackingSession session, in ModelVersion version)
    {
        json.WriteStartObject();
        WriteFields(json, session, version);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, TrackingSession session, in RegisteredModel model)
    {
        json.WriteString("name"u8, model.Name);
        json.WriteTime("creation_timestamp"u8, model.Created);
        json.WriteTime("last_updated_timestamp"u8, model.Updated);
        json.WriteText("description"u8, model.Description);
        WriteList(json, "latest_versions"u8, session, ModelVersions.Latest(session, model.Key));
        var tags = session.Kept("SELECT key, value FROM registered_model_tags WHERE model = ?1 ORDER BY key");
        tags.Bind(1, model.Key);
        PairJson.WriteList(json, "tags"u8, tags);
        var aliases = session.Kept("SELECT alias, version FROM model_aliases WHERE model = ?1 ORDER BY alias");
        aliases.Bind(1, model.Key);
        if (!aliases.Step())
        {
            return;
        }

        json.WriteStartArray("aliases"u8);
        do
        {
            json.WriteStartObject();
            json.WriteString("alias"u8, aliases.Bytes(0));
            json.WriteString("version"u8, aliases.Int64(1).ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        while (aliases.Step());
        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, TrackingSession session, in ModelVersion version)
    {
        json.WriteString("name"u8, version.Name);
        json.WriteString("version"u8, version.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteTime("creation_timestamp"u8, version.Created);
        json.WriteTime("last_updated_timestamp"u8, version.Updated);
        json.WriteString("current_stage"u8, version.Stage);
        json.WriteText("description"u8, version.Description);
        json.WriteString("source"u8, version.Source);
        json.WriteText("run_id"u8, version.RunId);
        json.WriteString("status"u8, "READY"u8);
        json.WriteText("run_link"u8, version.RunLink);
        json.WriteText("model_id"u8, version.ModelId);
        var tags = session.Kept("SELECT key, value FROM model_version_tags WHERE model = ?1 AND version = ?2 ORDER BY key");
        tags.Bind(1, version.Model);
        tags.Bind(2, version.Version);
        PairJson.WriteList(json, "tags"u8, tags);
        var aliases = session.Kept("SELECT alias FROM model_aliases WHERE model = ?1 AND version = ?2 ORDER BY alias");
        aliases.Bind(1, version.Model);
        aliases.Bind(2, version.Version);
        if (!aliases.Step())
        {
            return;
        }

        json.WriteStartArray("aliases"u8);
        do
        {
            json.WriteStringValue(aliases.Bytes(0));
        }
        while (aliases.Step());
        json.WriteEndArray();
    }

    // What is known of the logged model that the version is.
    private static void WriteLoggedModel(Utf8JsonWriter json, TrackingSession session, in ModelVersion version)
    {
        if (version.ModelId is { } id && LoggedModels.KeyOf(session, id) is >= 0 and var key)
        {
            LoggedModelJson.WriteParameters(json, "model_params"u8, session, key);
            LoggedModelJson.WriteMetrics(json, "model_metrics"u8, session, key);
        }
    }
}
