using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Objects;

/// <summary>The list of a folder's files by content, as DVC keeps it: a JSON array of <c>md5</c> and <c>relpath</c>.</summary>
public sealed class Manifest
{
    private Manifest(IReadOnlyList<ManifestEntry> entries, ReadOnlyMemory<byte> json)
    {
        Entries = entries;
        Json = json;
        Id = ObjectId.Of(json.Span, isFolder: true);
    }

    /// <summary>The files, by path in the order of code points.</summary>
    public IReadOnlyList<ManifestEntry> Entries { get; }

    /// <summary>The MD5 of <see cref="Json"/>.</summary>
    public ObjectId Id { get; }

    /// <summary>The bytes of the manifest.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The manifest of some files.</summary>
    /// <param name="entries">In any order; each path once.</param>
    public static Manifest Of(IEnumerable<ManifestEntry> entries)
    {
        var sorted = entries.ToArray();
        if (!IsSorted(sorted))
        {
            Array.Sort(sorted, (a, b) => PathText.Compare(a.Path, b.Path));
        }

        return new Manifest(sorted, Write(sorted));
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="PipelineException">It is none, or names a file outside of its folder.</exception>
    public static Manifest Read(byte[] json, string name)
    {
        try
        {
            return new Manifest(Parse(json, name), json);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new PipelineException($"'{name}' is no manifest of a folder: {wrong.Message}", cause: wrong);
        }
    }

    /// <summary>The file at a path; null if there is none.</summary>
    public ManifestEntry? Find(string path)
    {
        var low = 0;
        var high = Entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = PathText.Compare(Entries[middle].Path, path);
            if (order == 0)
            {
                return Entries[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private static bool IsSorted(ManifestEntry[] entries)
    {
        for (var i = 1; i < entries.Length; i++)
        {
            if (PathText.Compare(entries[i - 1].Path, entries[i].Path) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static List<ManifestEntry> Parse(byte[] json, string name)
    {
        var entries = new List<ManifestEntry>(json.Length / 80);
        var reader = new Utf8JsonReader(json);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray, name);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            entries.Add(Entry(ref reader, name));
        }

        Expect(reader.TokenType == JsonTokenType.EndArray && !reader.Read(), name);
        for (var i = 1; i < entries.Count; i++)
        {
            if (PathText.Compare(entries[i - 1].Path, entries[i].Path) >= 0)
            {
                entries.Sort((a, b) => PathText.Compare(a.Path, b.Path));
                break;
            }
        }

        return entries;
    }

    private static ManifestEntry Entry(ref Utf8JsonReader reader, string name)
    {
        string? path = null;
        ObjectId? id = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("md5"u8))
            {
                reader.Read();
                id = ObjectId.TryParse(reader.GetString(), out var found) ? found : null;
            }
            else if (reader.ValueTextEquals("relpath"u8))
            {
                reader.Read();
                path = Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(id is not null && path is not null, name);
        return IsBelow(path!)
            ? new ManifestEntry(path!, id!.Value)
            : throw new PipelineException($"'{name}' names '{path}', which lies outside of its folder; it is not used");
    }

    // The library refuses lone surrogates, which stand for bytes that are not UTF-8.
    private static string Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.GetString()!;
        }

        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            text.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var other => other });
        }

        return text.ToString();
    }

    private static bool IsBelow(string path) => path.Length > 0 && path[0] != '/' && !path.Contains('\0', StringComparison.Ordinal)
        && !path.Split('/').Any(part => part is "" or "." or "..");

    private static void Expect(bool holds, string name)
    {
        if (!holds)
        {
            throw new PipelineException($"'{name}' is no manifest of a folder: expected a JSON array of objects with md5 and relpath");
        }
    }

    private static ReadOnlyMemory<byte> Write(ManifestEntry[] entries)
    {
        var longest = entries.Sum(entry => entry.Path.Length);
        var json = new ArrayBufferWriter<byte>(64 + (entries.Length * 64) + longest);
        json.Write("["u8);
        Span<byte> md5 = stackalloc byte[16];
        for (var i = 0; i < entries.Length; i++)
        {
            json.Write(i == 0 ? "{\"md5\": \""u8 : ", {\"md5\": \""u8);
            entries[i].Id.CopyTo(md5);
            Convert.TryToHexStringLower(md5, json.GetSpan(32), out _);
            json.Advance(32);
            json.Write("\", \"relpath\": \""u8);
            WriteText(json, entries[i].Path);
            json.Write("\"}"u8);
        }

        json.Write("]"u8);
        return json.WrittenMemory;
    }

    // As Python writes JSON: everything outside of the printable ASCII characters is escaped, U+007F too.
    private static void WriteText(ArrayBufferWriter<byte> json, string text)
    {
        var span = json.GetSpan(text.Length * 6);
        var length = 0;
        foreach (var c in text)
        {
            if (c is >= ' ' and <= '~' and not ('"' or '\\'))
            {
                span[length++] = (byte)c;
                continue;
            }

            span[length++] = (byte)'\\';
            var brief = c switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => 'u' };
            span[length++] = (byte)brief;
            if (brief == 'u')
            {
                ((ushort)c).TryFormat(span[length..], out _, "x4", CultureInfo.InvariantCulture);
                length += 4;
            }
        }

        json.Advance(length);
    }
}
