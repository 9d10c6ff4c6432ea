using System.CommandLine;
using Hone.Analysis;
using Hone.Dashboard;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary><c>hone report STUDY</c>: one HTML file with everything about a study.</summary>
internal sealed class ReportCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "Name of the study." };
    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Where to write it; the default is reports/STUDY.html beside the store.",
        HelpName = "FILE",
    };

    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ReportCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("report", "Writes a study's report: one HTML file that works offline.") { _study, _out };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    /// <summary>Where a study's report lies unless another place is named.</summary>
    public static string UsualPath(string store, string study) =>
        Path.Combine(Path.GetDirectoryName(StudyStore.LocalPath(store)) is { Length: > 0 } folder ? folder : ".", "reports", FileNames.Of(study) + ".html");

    /// <summary>Writes the report of a study that is in the store, in place of an earlier one.</summary>
    public static async Task WriteAsync(StudyStore store, string study, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await store.ReadStudyAsync(study, history: true, cancellationToken) is { } record)
        {
            Write(record, path, time);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var name = parsed.GetValue(_study)!;
        var target = parsed.GetValue(_out) ?? UsualPath(path, name);
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        var study = await store.ReadStudyAsync(name, history: true, cancellationToken)
            ?? throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        Write(study, target, _surroundings.Time);
        await _surroundings.Output.WriteLineAsync(_common.IsJson(parsed)
            ? JsonResult.Line(json =>
            {
                json.WriteString("study", name);
                json.WriteString("report", target);
            })
            : target);
        return ExitCode.Done;
    }

    private static void Write(StudyRecord study, string path, TimeProvider time) =>
        PageFile.Write(path, output => StudyReport.Write(study, output, time.GetUtcNow()));
}
