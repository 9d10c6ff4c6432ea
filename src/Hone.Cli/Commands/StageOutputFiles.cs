using System.CommandLine;
using System.Text.Json;

namespace Hone.Cli.Commands;

/// <summary>The options that write what came of a study to files, as a stage's outputs: <c>--best-out</c> and <c>--metrics-out</c>.</summary>
internal sealed class StageOutputFiles
{
    private readonly Option<string?> _best = new("--best-out") { Description = "Also write the best parameters to a file, as JSON.", HelpName = "FILE" };
    private readonly Option<string?> _metrics = new("--metrics-out") { Description = "Also write what came of it to a file of metrics, as JSON.", HelpName = "FILE" };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_best);
        command.Options.Add(_metrics);
    }

    /// <summary>Writes the files that are asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="best">Writes the parameters; null if there are none, and then no such file is written.</param>
    /// <param name="metrics">Writes the metrics.</param>
    /// <exception cref="CommandException">A file cannot be written.</exception>
    public void Write(ParseResult parsed, Action<Utf8JsonWriter>? best, Action<Utf8JsonWriter> metrics)
    {
        if (parsed.GetValue(_best) is { } bestFile && best is not null)
        {
            WriteTo(bestFile, best);
        }

        if (parsed.GetValue(_metrics) is { } metricsFile)
        {
            WriteTo(metricsFile, metrics);
        }
    }

    private static void WriteTo(string path, Action<Utf8JsonWriter> content) => PageFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    });
}
