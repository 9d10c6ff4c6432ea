using System.Text.Json;
using Hone.Tracking.Store;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's lists of keys and values.</summary>
internal static class PairJson
{
    /// <summary>Writes the rows of a statement, a key and a value each; nothing at all if there is none.</summary>
    public static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, Statement rows)
    {
        if (!rows.Step())
        {
            return;
        }

        json.WriteStartArray(name);
        do
        {
            json.WritePair(rows.Bytes(0), rows.Bytes(1));
        }
        while (rows.Step());
        json.WriteEndArray();
    }
}
