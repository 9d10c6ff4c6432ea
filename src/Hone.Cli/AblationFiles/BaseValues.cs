using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Learning.Training;
using Hone.Space;

namespace Hone.Cli.AblationFiles;

/// <summary>What the base of a built-in learner is, between <c>base:</c> and <c>train:</c>.</summary>
internal static class BaseValues
{
    /// <summary>Checks that every parameter is a setting of the learner, takes its value, and does not stand in <c>train:</c> too.</summary>
    public static void Check(LearnerTraining learner, IEnumerable<KeyValuePair<string, ParameterValue>> values, Field field, Findings findings)
    {
        foreach (var (name, value) in values)
        {
            if (TrainSettings.Find(name) is not { } setting)
            {
                findings.Add(field, $"base has '{name}', and a built-in learner has no setting of this name{NearestName.Hint(name, [.. TrainSettings.All.Select(s => s.Name)])}");
            }
            else if (learner.Settings.Any(s => s.Key == name))
            {
                findings.Add(field, $"'{name}' stands in base and in train; drop one");
            }
            else if (!setting.Accepts(value.ToString()))
            {
                findings.Add(field, $"base has {name}: {value}; expected {setting.Expects}");
            }
        }
    }

    /// <summary>
    /// Moves what components change from the learner's settings to the base, where it can vary; lists of what is left out begin empty.
    /// </summary>
    public static (Training Training, List<KeyValuePair<string, ParameterValue>> Values) Complete(
        Training training, List<KeyValuePair<string, ParameterValue>> values, IReadOnlyList<AblationComponent> components)
    {
        if (training is not LearnerTraining learner)
        {
            return (training, values);
        }

        var settings = learner.Settings.ToList();
        List<KeyValuePair<string, ParameterValue>> complete = [.. values];
        var lists = components.SelectMany(component => component.Adds.Select(add => add.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in components.SelectMany(component => component.Sets.Select(set => set.Key)).Union(lists))
        {
            if (complete.Any(value => value.Key == name))
            {
                continue;
            }

            var at = settings.FindIndex(setting => setting.Key == name);
            if (at >= 0)
            {
                complete.Add(new(name, settings[at].Value));
                settings.RemoveAt(at);
            }
            else if (lists.Contains(name))
            {
                complete.Add(new(name, ""));
            }
        }

        return (learner with { Settings = settings }, complete);
    }
}
