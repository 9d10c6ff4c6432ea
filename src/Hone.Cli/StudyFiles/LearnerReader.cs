using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Training;
using Hone.Space;
using Hone.Stopping;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>train:</c> with a built-in learner, and checks that the space's parameters are settings of it.</summary>
internal sealed class LearnerReader(Findings findings, MetricNames metrics, string directory)
{
    private static readonly string[] Scores = ["training_loss", "validation_loss", "validation_accuracy", "validation_rmse"];
    private static readonly string[] Keys = [.. TrainSettings.All.Select(setting => setting.Name)];

    // Where a continuous range is tried: its ends, and inner points that are no whole numbers.
    private static readonly double[] Probes = [0, 0.3819, 0.7236, 1 - 1e-12];

    /// <summary>How trials are trained; null if something is wrong with it.</summary>
    /// <param name="field">The mapping.</param>
    /// <param name="space">The space with its place; null if something is wrong with it.</param>
    public LearnerTraining? Read(Field field, (Field Field, SearchSpace Space)? space)
    {
        if (Section.Open(field, findings, Keys) is not { } section)
        {
            return null;
        }

        section.Require("data", $"{NearestName.Choices(DataSource.Names)}, or the path of a table");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in section.Keys)
        {
            if (Setting(name, section[name]!.Value) is { } value)
            {
                settings[name] = value;
            }
        }

        Metrics(section, settings);
        if (space is { } searched)
        {
            CheckSpace(searched.Field, searched.Space, section);
        }

        if (!findings.Any)
        {
            CheckTogether(field, settings);
        }

        return new LearnerTraining([.. settings], directory);
    }

    private string? Setting(string name, Field field)
    {
        var setting = TrainSettings.Find(name)!;
        if (field.Text(findings, setting.Expects) is not { } text)
        {
            return null;
        }

        if (!setting.Accepts(text))
        {
            findings.Add(field, name == "learner"
                ? $"'{text}' is no learner{NearestName.Hint(text, TrainSettings.LearnerNames)}"
                : $"'{text}' is out of place; expected {setting.Expects}");
            return null;
        }

        if (name == "data" && !DataSource.IsName(text) && !Path.Exists(Path.GetFullPath(text, directory)))
        {
            findings.Add(field, $"'{text}' is neither a shipped data set nor a file{NearestName.Hint(text, DataSource.Names)}");
            return null;
        }

        return text;
    }

    // Settings that the space varies are not known here, so the usual metrics are always allowed.
    private void Metrics(Section section, Dictionary<string, string> settings)
    {
        var folds = section["folds"]?.Node is YamlText text && int.TryParse(text.Value, CultureInfo.InvariantCulture, out var count) ? count : 0;
        metrics.OfLearner =
        [
            .. Scores, .. Enumerable.Range(1, Math.Clamp(folds, 0, 1000)).SelectMany(fold => Scores.Skip(1).Select(score => $"fold_{fold}/{score}")),
            .. folds > 0 ? [FoldKey.Finished] : Array.Empty<string>(),
        ];
        try
        {
            metrics.OfLearner = [.. metrics.OfLearner.Union(TrainingRun.MetricsOf(TrainSettings.Parse(settings)))];
        }
        catch (TrainOptionsException)
        {
            // Told where it is checked that the settings go together.
        }
    }

    private void CheckSpace(Field field, SearchSpace space, Section section)
    {
        foreach (var parameter in space.Parameters)
        {
            var entry = ((YamlMap)field.Node).Entries.First(e => e.Key.Value == parameter.Name);
            var path = $"{field.Path}.{parameter.Name}";
            if (TrainSettings.Find(parameter.Name) is not { } setting)
            {
                findings.Add(entry.Key, path, $"a built-in learner has no setting of this name{NearestName.Hint(parameter.Name, Keys)}");
            }
            else if (section[parameter.Name] is { } fixedTo)
            {
                findings.Add(entry.Key, path, $"is fixed to {fixedTo.Describe()} in train: on line {fixedTo.Node.Line}; drop one");
            }
            else if (Values(parameter).FirstOrDefault(value => !setting.Accepts(value)) is { } wrong)
            {
                findings.Add(entry.Value, path, $"may be '{wrong}'; expected {setting.Expects}");
            }
        }
    }

    private static IEnumerable<string> Values(Parameter parameter) => parameter is ListParameter list
        ? list.Values.Select(value => value.ToString())
        : Probes.Select(unit => parameter.Value(parameter.FromUnit(unit)).ToString());

    private void CheckTogether(Field field, Dictionary<string, string> settings)
    {
        try
        {
            TrainSettings.Parse(settings);
        }
        catch (TrainOptionsException wrong)
        {
            findings.Add(field, wrong.Message);
        }
    }
}
