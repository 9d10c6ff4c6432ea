using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's messages of what a run read and wrote: data sets and models.</summary>
internal static class RunInputsJson
{
    /// <summary>Writes the fields <c>inputs</c> and <c>outputs</c> of a run, each if there is anything in it.</summary>
    public static void Write(Utf8JsonWriter json, TrackingSession session, long run)
    {
        json.WriteStartObject("inputs"u8);
        WriteDatasets(json, session, run);
        WriteModels(json, session, run, isOutput: false);
        json.WriteEndObject();
        json.WriteStartObject("outputs"u8);
        WriteModels(json, session, run, isOutput: true);
        json.WriteEndObject();
    }

    private static void WriteDatasets(Utf8JsonWriter json, TrackingSession session, long run)
    {
        var rows = session.Kept(
            """
            SELECT dataset, name, digest, source_type, source, schema, profile FROM run_datasets JOIN datasets USING (dataset)
            WHERE run = ?1 ORDER BY position
            """);
        rows.Bind(1, run);
        if (!rows.Step())
        {
            return;
        }

        json.WriteStartArray("dataset_inputs"u8);
        do
        {
            json.WriteStartObject();
            var tags = session.Kept("SELECT key, value FROM run_dataset_tags WHERE run = ?1 AND dataset = ?2 ORDER BY key");
            tags.Bind(1, run);
            tags.Bind(2, rows.Int64(0));
            PairJson.WriteList(json, "tags"u8, tags);
            json.WriteStartObject("dataset"u8);
            json.WriteString("name"u8, rows.Bytes(1));
            json.WriteString("digest"u8, rows.Bytes(2));
            json.WriteString("source_type"u8, rows.Bytes(3));
            json.WriteString("source"u8, rows.Bytes(4));
            json.WriteText("schema"u8, rows.Text(5));
            json.WriteText("profile"u8, rows.Text(6));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        while (rows.Step());
        json.WriteEndArray();
    }

    private static void WriteModels(Utf8JsonWriter json, TrackingSession session, long run, bool isOutput)
    {
        var rows = session.Kept("SELECT model_id, step FROM run_models WHERE run = ?1 AND is_output = ?2 ORDER BY step, model_id");
        rows.Bind(1, run);
        rows.Bind(2, isOutput ? 1L : 0);
        if (!rows.Step())
        {
            return;
        }

        json.WriteStartArray(isOutput ? "model_outputs"u8 : "model_inputs"u8);
        do
        {
            json.WriteStartObject();
            json.WriteString("model_id"u8, rows.Bytes(0));
            if (isOutput)
            {
                json.WriteNumber("step"u8, rows.Int64(1));
            }

            json.WriteEndObject();
        }
        while (rows.Step());
        json.WriteEndArray();
    }
}
