using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's message of an experiment.</summary>
internal static class ExperimentJson
{
    /// <summary>Writes the fields of an experiment, its tags among them.</summary>
    public static void WriteFields(Utf8JsonWriter json, TrackingSession session, in Experiment experiment)
    {
        json.WriteString("experiment_id"u8, experiment.Key.ToString(CultureInfo.InvariantCulture));
        json.WriteString("name"u8, experiment.Name);
        json.WriteString("artifact_location"u8, experiment.ArtifactLocation);
        json.WriteString("lifecycle_stage"u8, experiment.IsDeleted ? "deleted"u8 : "active"u8);
        json.WriteTime("last_update_time"u8, experiment.Updated);
        json.WriteTime("creation_time"u8, experiment.Created);
        var tags = session.Kept("SELECT key, value FROM experiment_tags WHERE experiment = ?1 ORDER BY key");
        tags.Bind(1, experiment.Key);
        PairJson.WriteList(json, "tags"u8, tags);
    }
}
