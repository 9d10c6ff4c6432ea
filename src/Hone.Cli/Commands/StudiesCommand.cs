using System.CommandLine;
using System.Globalization;
using Hone.Cli.Progress;
using Hone.Tracking.Store;
using Hone.Trials;

namespace Hone.Cli.Commands;

/// <summary><c>hone studies</c>: every study of a store, a line each.</summary>
internal sealed class StudiesCommand
{
    private static readonly TrialState[] States = Enum.GetValues<TrialState>();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public StudiesCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("studies", "Lists the studies of a store.");
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var store = await StoredStudies.OpenAsync(_common.Store(parsed), _surroundings.Time, cancellationToken);
        var studies = await store.ListStudiesAsync(cancellationToken);
        if (_common.IsJson(parsed))
        {
            studies.ToList().ForEach(study => _surroundings.Output.WriteLine(Json(study)));
            return ExitCode.Done;
        }

        var table = new TextTable("study", "state", "trials", "complete", "objective", "best", "time", "last activity");
        foreach (var study in studies)
        {
            table.Add(
                study.Name,
                JsonResult.Word(study.State),
                study.Trials.ToString(CultureInfo.InvariantCulture),
                study.Counts.GetValueOrDefault(TrialState.Complete).ToString(CultureInfo.InvariantCulture),
                study.Objectives[0].Metric,
                study.BestValue is { } best ? Figures.Number(best) : "",
                Figures.Duration(study.Spent.Wall),
                study.LastActivity?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "");
        }

        table.Write(_surroundings.Output);
        return ExitCode.Done;
    }

    private static string Json(StudySummary study) => JsonResult.Line(json =>
    {
        json.WriteString("study", study.Name);
        json.WriteString("state", JsonResult.Word(study.State));
        json.WriteStartArray("objectives");
        foreach (var objective in study.Objectives)
        {
            json.WriteStartObject();
            json.WriteString("metric", objective.Metric);
            json.WriteString("goal", JsonResult.Word(objective.Goal));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteObject("trials", () =>
        {
            foreach (var state in States)
            {
                json.WriteNumber(JsonResult.Word(state), study.Counts.GetValueOrDefault(state));
            }
        });
        json.WriteDouble("best_value", study.BestValue);
        json.WriteSpent(study.Spent);
        json.WriteString("began", study.Began?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("last_activity", study.LastActivity?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    });
}
