using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hone.Analysis;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary><c>hone best STUDY</c>: the best trial of a study; with several objectives, those that no other beats in all of them.</summary>
internal sealed class BestCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "Name of the study." };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public BestCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("best", "Shows the best trial of a study, also while it is tuned.") { _study };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var name = parsed.GetValue(_study)!;
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        var best = await store.ReadBestAsync(name, cancellationToken: cancellationToken)
            ?? throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken);
        if (_common.IsJson(parsed))
        {
            await _surroundings.Output.WriteLineAsync(Json(best));
        }
        else if (best.Trials.Count > 0)
        {
            Show(best);
        }

        if (best.Trials.Count > 0)
        {
            return ExitCode.Done;
        }

        await _surroundings.Errors.WriteLineAsync($"hone: no trial of '{name}' is complete, within the constraints and finite");
        return ExitCode.NothingComplete;
    }

    private void Show(StudyBest best)
    {
        var output = _surroundings.Output;
        var isOne = best.Trials.Count == 1;
        output.WriteLine(isOne
            ? string.Create(CultureInfo.InvariantCulture, $"{best.Study.Name}: trial {best.Trials[0].Number} is the best of {best.Study.Trials}")
            : string.Create(CultureInfo.InvariantCulture, $"{best.Study.Name}: {best.Trials.Count} of {best.Study.Trials} trials are beaten by no other"));
        foreach (var trial in best.Trials)
        {
            if (!isOne)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number}"));
            }

            var values = best.Study.Objectives.Select((objective, i) =>
                (objective.Metric, Value: trial.Values[i].ToString("R", CultureInfo.InvariantCulture)));
            var models = ModelsOf(best, trial).Select(model => (Key: "model", Value: model));
            var lines = values.Concat(trial.Parameters.Select(p => (p.Key, Value: p.Value.ToString()))).Concat(models).ToList();
            var width = lines.Max(line => line.Item1.Length);
            lines.ForEach(line => output.WriteLine($"  {line.Item1.PadRight(width)}  {line.Value}"));
        }
    }

    private static string Json(StudyBest best) => JsonResult.Line(json =>
    {
        json.WriteString("study", best.Study.Name);
        json.WriteString("state", JsonResult.Word(best.Study.State));
        json.WriteTrial("best", best.Study.Objectives, best.Trials.Count > 0 ? Of(best.Trials[0]) : null);
        if (best.Trials.Count > 0)
        {
            WriteModels(json, ModelsOf(best, best.Trials[0]));
        }

        if (best.Study.Objectives.Count > 1)
        {
            json.WriteStartArray("front");
            foreach (var trial in best.Trials)
            {
                json.WriteStartObject();
                json.WriteNumber("trial", trial.Number);
                json.WriteValues(best.Study.Objectives, trial.Values);
                json.WriteParameters(trial.Parameters);
                WriteModels(json, ModelsOf(best, trial));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    });

    private static void WriteModels(Utf8JsonWriter json, IReadOnlyList<string> models)
    {
        if (models.Count > 0)
        {
            json.WriteStartArray("models");
            foreach (var model in models)
            {
                json.WriteStringValue(model);
            }

            json.WriteEndArray();
        }
    }

    private static IReadOnlyList<string> ModelsOf(StudyBest best, TrialRecord trial) => best.Models.GetValueOrDefault(trial.Number) ?? [];

    private static (int, IReadOnlyList<double>, IEnumerable<KeyValuePair<string, Space.ParameterValue>>) Of(TrialRecord trial) =>
        (trial.Number, trial.Values, trial.Parameters);
}
