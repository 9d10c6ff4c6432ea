using System.CommandLine;
using Hone.Analysis;
using Hone.Analysis.Replaying;
using Hone.Cli.StudyFiles;
using Hone.Dashboard;

namespace Hone.Cli.Commands;

/// <summary><c>hone replay STUDY [--stop RULES]</c>: what a recorded study would have come to under other stopping rules.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "Name of the study." };
    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "Rules to replay it under: a file of named rule sets, a study file, one list of rules in YAML, or own, the default: those it ran under. May be repeated.",
        HelpName = "RULES",
    };

    private readonly Option<bool> _pairs = new("--pairs") { Description = "Replay it under each two of the rule sets together, too." };
    private readonly Option<int?> _slots = new("--slots") { Description = "How many trials run at once; the default is as recorded.", HelpName = "N" };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Also write a page with the plot of saving against regret.", HelpName = "FILE" };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ReplayCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("replay", "Replays a recorded study under other stopping rules: what each would have saved, and lost.")
        {
            _study, _stop, _pairs, _slots, _out,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var slots = parsed.GetValue(_slots);
        if (slots < 1)
        {
            throw new CommandException(ExitCode.WrongInput, $"--slots: '{slots}' is out of range; expected a whole number of at least 1");
        }

        var study = await ReadAsync(parsed, cancellationToken);
        var options = parsed.GetValue(_stop) is { Length: > 0 } named ? named : [RuleSetReader.Own];
        CheckOwn(study, options);
        var reader = new RuleSetReader(study.Objectives[0], study.Origin?.Stop);
        var sets = reader.Read(options);
        TellUnknown(study, reader.Metrics);
        sets = parsed.GetValue(_pairs) ? RuleSet.WithPairs(sets) : sets;
        var comparison = new RuleComparison(study, await ReplayAsync(study, sets, slots, _common.IsQuiet(parsed), cancellationToken));
        await ShowAsync(comparison, parsed);
        return ExitCode.Done;
    }

    private async Task<StudyRecord> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var name = parsed.GetValue(_study)!;
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        var study = await store.ReadStudyAsync(name, history: true, cancellationToken)
            ?? throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        return study.Trials.Any(trial => trial.Started is not null)
            ? study
            : throw new CommandException(ExitCode.NothingComplete, $"no trial of '{name}' has begun: there is nothing to replay");
    }

    private void CheckOwn(StudyRecord study, string[] options)
    {
        if (!options.Contains(RuleSetReader.Own))
        {
            return;
        }

        if (study.Origin?.Stop is null)
        {
            throw new CommandException(
                ExitCode.WrongInput,
                $"which rules? The store does not know those that '{study.Name}' ran under; expected --stop with its study file, a file of named rule sets, or rules such as --stop '[median: {{after: 300}}]'");
        }

        if (study.RulesChanged)
        {
            _surroundings.Errors.WriteLine($"hone: '{study.Name}' went on under other rules than it began with; its own are the last ones");
        }
    }

    // A name with a slip of the pen would stop nothing, and look like a careful rule.
    private void TellUnknown(StudyRecord study, IReadOnlyCollection<string> named)
    {
        string[] reported = [.. study.Trials.SelectMany(trial => trial.Metrics).Select(metric => metric.Metric).Distinct(StringComparer.Ordinal)];
        foreach (var metric in named.Except(reported))
        {
            _surroundings.Errors.WriteLine(
                $"hone: no trial of '{study.Name}' reported '{metric}', so rules that look at it decide nothing{NearestName.Hint(metric, reported)}");
        }
    }

    private async Task<IReadOnlyList<ReplayResult>> ReplayAsync(
        StudyRecord study, IReadOnlyList<RuleSet> sets, int? slots, bool isQuiet, CancellationToken cancellationToken)
    {
        var results = new ReplayResult[sets.Count];
        var progress = new WorkProgress(isQuiet ? null : _surroundings.Errors, _surroundings.Time, sets.Count, "rule sets replayed");
        await Parallel.ForAsync(0, sets.Count, cancellationToken, async (i, token) =>
        {
            results[i] = (await Replay.RunAsync(study, [sets[i]], new ReplayOptions { Slots = slots }, token))[0];
            progress.Advance();
        });
        return results;
    }

    private async Task ShowAsync(RuleComparison comparison, ParseResult parsed)
    {
        var output = _surroundings.Output;
        if (parsed.GetValue(_out) is { } page)
        {
            PageFile.Write(page, stream => ReplayReport.Write(comparison, stream, _surroundings.Time.GetUtcNow()));
        }

        if (!_common.IsJson(parsed))
        {
            ReplayText.Write(comparison, output);
            return;
        }

        foreach (var result in comparison.Results)
        {
            await output.WriteLineAsync(ReplayJson.Line(comparison, result));
        }
    }
}
