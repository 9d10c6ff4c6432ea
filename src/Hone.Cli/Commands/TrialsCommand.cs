using System.CommandLine;
using System.Globalization;
using Hone.Analysis;
using Hone.Cli.Progress;

namespace Hone.Cli.Commands;

/// <summary><c>hone trials STUDY</c>: every trial of a study, a line each, also while it is tuned.</summary>
internal sealed class TrialsCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "Name of the study." };
    private readonly Option<string[]> _history = new("--history")
    {
        Description = "With --json: also every value of a metric, as [step, seconds since the trial began, value]. May be repeated.",
        HelpName = "METRIC",
    };

    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public TrialsCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("trials", "Lists the trials of a study, also while it is tuned.") { _study, _history };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var name = parsed.GetValue(_study)!;
        var histories = parsed.GetValue(_history) ?? [];
        if (histories.Length > 0 && !_common.IsJson(parsed))
        {
            throw new CommandException(ExitCode.WrongInput, "--history: a table has no room for it; expected --json beside it");
        }

        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        if (_common.IsJson(parsed))
        {
            var count = 0;
            await foreach (var trial in store.ReadTrialsAsync(name, histories.Length > 0, cancellationToken))
            {
                count++;
                await _surroundings.Output.WriteLineAsync(Json(trial, histories).AsMemory(), cancellationToken);
            }

            return count > 0 || await store.ReadStudyAsync(name, history: false, cancellationToken) is not null
                ? ExitCode.Done
                : throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        }

        var study = await store.ReadStudyAsync(name, history: false, cancellationToken)
            ?? throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        Table(study).Write(_surroundings.Output);
        return ExitCode.Done;
    }

    private static TextTable Table(StudyRecord study)
    {
        string[] parameters = [.. study.Space.Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])];
        string[] objectives = [.. study.Objectives.Select(objective => objective.Metric)];
        var table = new TextTable(["trial", "state", .. objectives, "step", "time", .. parameters, "why"]);
        foreach (var trial in study.Trials)
        {
            var values = trial.Parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
            table.Add(
            [
                trial.Number.ToString(CultureInfo.InvariantCulture),
                JsonResult.Word(trial.State),
                .. objectives.Select((metric, i) => Value(trial, metric, i)),
                trial.Steps.ToString(CultureInfo.InvariantCulture),
                Figures.Duration(TimeSpan.FromSeconds(trial.WallSeconds)),
                .. parameters.Select(name => values.TryGetValue(name, out var value)
                    ? value.Kind == Space.ValueKind.Float ? Figures.Number(value.Number) : value.ToString()
                    : ""),
                trial.Reason,
            ]);
        }

        return table;
    }

    // A trial that has not ended, or ended early, has no value of its objective yet: its last report stands in.
    private static string Value(TrialRecord trial, string metric, int objective) =>
        trial.Values.Count > objective && !double.IsNaN(trial.Values[objective]) ? Figures.Number(trial.Values[objective])
        : trial.Metrics.FirstOrDefault(m => m.Metric == metric) is { Metric: not null } last ? Figures.Number(last.Value)
        : "";

    private static string Json(TrialRecord trial, string[] histories) => JsonResult.Line(json =>
    {
        json.WriteNumber("trial", trial.Number);
        json.WriteString("state", JsonResult.Word(trial.State));
        json.WriteString("reason", trial.Reason);
        json.WriteParameters(trial.Parameters);
        json.WriteObject("metrics", () =>
        {
            foreach (var (metric, value) in trial.Metrics)
            {
                json.WriteDouble(metric, value);
            }
        });
        json.WriteString("started", trial.Started?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteDouble("wall_seconds", trial.WallSeconds);
        json.WriteNumber("attempts", trial.Attempts);
        if (trial.Tags.Count > 0)
        {
            json.WriteObject("tags", () => trial.Tags.ToList().ForEach(tag => json.WriteString(tag.Key, tag.Value)));
        }

        if (histories.Length > 0)
        {
            json.WriteObject("history", () =>
            {
                foreach (var metric in histories.Distinct(StringComparer.Ordinal))
                {
                    json.WriteStartArray(metric);
                    foreach (var measurement in trial.History.Where(measurement => measurement.Metric == metric))
                    {
                        json.WriteRow(measurement);
                    }

                    json.WriteEndArray();
                }
            });
        }
    });
}
