using System.CommandLine;
using System.Text.RegularExpressions;
using Hone.Analysis;
using Hone.Cli.StudyFiles;
using Hone.Dashboard;

namespace Hone.Cli.Commands;

/// <summary><c>hone analyze STUDY</c>: what the parameters of a study do to what its trials learn and cost.</summary>
internal sealed partial class AnalyzeCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "Name of the study." };
    private readonly Option<string[]> _metric = new("--metric", "-m")
    {
        Description = "A metric to analyse; may be repeated. The default is all that complete trials have, but those of single folds.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _out = new("--out", "-o") { Description = "Also write a page with the charts.", HelpName = "FILE" };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public AnalyzeCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("analyze", "Tells which parameters matter for what trials learn and cost, and how.") { _study, _metric, _out };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var name = parsed.GetValue(_study)!;
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        var study = await store.ReadStudyAsync(name, history: false, cancellationToken)
            ?? throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        var table = StudyTable.Of(study);
        if (table.Trials.Count == 0)
        {
            throw new CommandException(
                ExitCode.NothingComplete, $"no trial of '{name}' is complete: there is nothing to analyse, for a stopped or failed trial does not say what its parameters lead to");
        }

        var metrics = Chosen(table, parsed.GetValue(_metric) ?? [], name);
        var analysis = Analyse(study, metrics, _common.IsQuiet(parsed), cancellationToken);
        AnalysisText.Warnings(table, analysis).ForEach(warning => _surroundings.Errors.WriteLine($"hone: {warning}"));
        if (parsed.GetValue(_out) is { } page)
        {
            PageFile.Write(page, stream => AnalysisReport.Write(study, analysis, stream, _surroundings.Time.GetUtcNow()));
        }

        if (_common.IsJson(parsed))
        {
            await _surroundings.Output.WriteLineAsync(AnalysisJson.Line(analysis));
        }
        else
        {
            AnalysisText.Write(study, table, analysis, _surroundings.Output);
        }

        return ExitCode.Done;
    }

    private static string[] Chosen(StudyTable table, string[] named, string study)
    {
        string[] chosen = [.. named.Distinct(StringComparer.Ordinal)];
        var unknown = Array.Find(chosen, metric => !table.Metrics.Contains(metric));
        return unknown is not null
            ? throw new CommandException(ExitCode.WrongInput, $"--metric: no complete trial of '{study}' has '{unknown}'{NearestName.Hint(unknown, [.. table.Metrics])}")
            : chosen.Length > 0 ? chosen
            : [.. table.Metrics.Where(metric => !Fold().IsMatch(metric) || table.Objectives.Any(objective => objective.Metric == metric))];
    }

    // One metric at a time, several at once: that can tell how far it is.
    private StudyAnalysis Analyse(StudyRecord study, string[] metrics, bool isQuiet, CancellationToken cancellationToken)
    {
        var progress = new WorkProgress(isQuiet ? null : _surroundings.Errors, _surroundings.Time, metrics.Length, "metrics analysed");
        var parts = new StudyAnalysis[metrics.Length];
        Parallel.For(0, metrics.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            parts[i] = StudyAnalysis.Of(study, new AnalysisOptions { Metrics = [metrics[i]] });
            progress.Advance();
        });
        return parts[0] with { Metrics = [.. parts.SelectMany(part => part.Metrics)] };
    }

    [GeneratedRegex(@"^fold_\d+/")]
    private static partial Regex Fold();
}
