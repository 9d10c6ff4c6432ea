using System.Globalization;
using Hone.Stopping;

namespace Hone.Cli.StudyFiles;

/// <summary>Makes a built-in learner and rules that compare finished folds go together.</summary>
internal sealed class FoldRules(Findings findings)
{
    private const string Order = "fold_order";
    private const string Turns = "turns";

    /// <summary>The training with its folds in turn where a rule looks at finished folds and nothing else was said.</summary>
    /// <param name="training">As it was read.</param>
    /// <param name="train">Its mapping in the file.</param>
    /// <param name="rules">The study's rules.</param>
    /// <param name="parameters">The names of the space's parameters, which the training varies.</param>
    public Training Fit(Training training, Field train, IReadOnlyList<IStoppingRule> rules, IReadOnlyCollection<string> parameters)
    {
        if (training is not LearnerTraining learner || !rules.Any(rule => rule.Folds.Count > 0) || parameters.Contains(Order))
        {
            return training;
        }

        var settings = learner.Settings.ToDictionary(StringComparer.Ordinal);
        if (settings.TryGetValue(Order, out var order) && order != Turns)
        {
            findings.Add(train, $"a rule compares finished folds, and with {Order}: {order} all finish at the end; write {Order}: {Turns}");
        }

        CheckReach(train, rules, Whole(settings, "folds", 0) * Whole(settings, "repeats", 1));
        return order is null ? learner with { Settings = [.. learner.Settings, new(Order, Turns)] } : learner;
    }

    // After n folds p is 2^-n at least, and the last chance to stop is before the last fold.
    private void CheckReach(Field train, IReadOnlyList<IStoppingRule> rules, int folds)
    {
        foreach (var rule in rules.OfType<WilcoxonRule>().Where(rule => folds > 0 && rule.LevelFor(folds) == 0))
        {
            findings.Add(train, string.Create(
                CultureInfo.InvariantCulture,
                $"'{rule.Name}' can never stop a trial of {folds} folds; take more folds or repeats, a smaller after, or an alpha of at least {Math.ScaleB(1, 1 - folds)}"));
        }
    }

    private static int Whole(Dictionary<string, string> settings, string name, int usual) =>
        settings.TryGetValue(name, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? (int)value : usual;
}
