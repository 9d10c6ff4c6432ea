using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Cli.Commands;

/// <summary>Passes lines on, and keeps the last value of each key of those that are JSON objects.</summary>
/// <param name="output">Gets every line. Left open.</param>
internal sealed class LastReports(TextWriter output) : TextWriter
{
    private readonly JsonObject _last = [];
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        output.Write(value);
        if (value == '\n')
        {
            Take(_line.ToString());
            _line.Clear();
        }
        else
        {
            _line.Append(value);
        }
    }

    /// <inheritdoc/>
    public override void Flush() => output.Flush();

    /// <summary>Writes what was kept to a file, in place of an earlier one.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void WriteTo(string path) => PageFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        _last.WriteTo(json);
        json.Flush();
        stream.WriteByte((byte)'\n');
    });

    private void Take(string line)
    {
        if (!line.StartsWith('{'))
        {
            return;
        }

        foreach (var (key, value) in JsonNode.Parse(line)!.AsObject())
        {
            _last[key] = value?.DeepClone();
        }
    }
}
