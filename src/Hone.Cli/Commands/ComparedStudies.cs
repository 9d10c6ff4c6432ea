using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using Hone.Analysis.Comparing;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Training;
using Hone.Tracking.Store;
using Hone.Trials;

namespace Hone.Cli.Commands;

/// <summary>Reads studies of a store to be compared: each by its best trial, and by what its file says of its learner and data.</summary>
internal sealed class ComparedStudies(StudyStore store, string path)
{
    /// <summary>The studies that are meant, each once, in the order given; those of a pattern by name.</summary>
    /// <exception cref="CommandException">There is no such study.</exception>
    public async Task<IReadOnlyList<string>> NamesAsync(IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        string[] stored = [.. (await store.ListStudiesAsync(cancellationToken)).Select(study => study.Name)];
        var names = new List<string>();
        foreach (var name in given)
        {
            string[] meant = stored.Contains(name) ? [name]
                : name.Contains('*', StringComparison.Ordinal) ? [.. stored.Where(study => Matches(name, study))]
                : [];
            names.AddRange(meant.Length > 0 ? meant : throw await StoredStudies.UnknownAsync(store, path, name, cancellationToken));
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The studies as contenders.</summary>
    /// <param name="names">Of the studies.</param>
    /// <param name="models">What their models are called; where that is absent, it is the learner, or the study's own name.</param>
    /// <param name="data">What their data sets are called; where that is absent, it is as in the study file.</param>
    /// <param name="cancellationToken">Gives up between two studies.</param>
    /// <exception cref="CommandException">It is not known what a study was tuned on.</exception>
    public async Task<IReadOnlyList<Contender>> ReadAsync(
        IReadOnlyList<string> names, IReadOnlyDictionary<string, string> models, IReadOnlyDictionary<string, string> data, CancellationToken cancellationToken)
    {
        var contenders = new List<Contender>();
        var unknown = new List<string>();
        foreach (var name in names)
        {
            var best = (await store.ReadBestAsync(name, history: false, cancellationToken))!;
            if (best.Study.Objectives[0].Take != Aggregate.Last)
            {
                best = (await store.ReadBestAsync(name, history: true, cancellationToken))!;
            }

            var settings = Settings(best);
            if ((data.GetValueOrDefault(name) ?? settings.GetValueOrDefault("data")) is { } set)
            {
                contenders.Add(Contender(best, settings, models.GetValueOrDefault(name) ?? settings.GetValueOrDefault("learner") ?? name, set));
            }
            else
            {
                unknown.Add(name);
            }
        }

        return unknown.Count == 0 ? contenders : throw new CommandException(
            ExitCode.WrongInput,
            $"on which data was '{unknown[0]}' tuned? The store does not know it; expected --data {unknown[0]}=NAME, or --data NAME for all studies");
    }

    private static Contender Contender(StudyBest best, IReadOnlyDictionary<string, string> settings, string model, string data)
    {
        var options = Options(settings);
        return new Contender
        {
            Study = best.Study.Name,
            Model = model,
            Data = data,
            Objective = best.Study.Objectives[0],
            Best = best.Trials.Count > 0 ? best.Trials[0] : null,
            Trials = best.Study.Trials,
            Evaluation = options is null ? new Dictionary<string, string>() : Evaluation(options),
            Loss = options is null ? null : Loss(options),
            TestRatio = options is { Folds: >= 2 } ? TestRatio(options) : null,
        };
    }

    // What is the same for all trials, and what the best one was given.
    private static Dictionary<string, string> Settings(StudyBest best)
    {
        var settings = best.Study.Origin?.Training.ToDictionary(StringComparer.Ordinal) ?? [];
        if (settings.Count > 0)
        {
            foreach (var (name, value) in best.Trials.Count > 0 ? best.Trials[0].Parameters : [])
            {
                settings[name] = value.ToString();
            }
        }

        return settings;
    }

    // Null for a program whose settings Hone does not know.
    private static TrainOptions? Options(IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            return settings.Count > 0 ? TrainSettings.Parse(settings) : null;
        }
        catch (TrainOptionsException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Evaluation(TrainOptions options) => new(StringComparer.Ordinal)
    {
        ["target"] = options.Target,
        ["folds"] = options.Folds.ToString(CultureInfo.InvariantCulture),
        ["repeats"] = options.Repeats.ToString(CultureInfo.InvariantCulture),
        ["split"] = JsonResult.Word(options.Split),
        ["group"] = options.Group ?? "",
        ["time"] = options.Time ?? "",
        ["test_share"] = options.TestShare.ToString("R", CultureInfo.InvariantCulture),
        ["rows with missing values"] = options.Missing == Missing.Drop ? "dropped" : "kept",
    };

    // With two classes the log loss is the cross-entropy. Whether a perceptron's is that too is for its data to say.
    private static string? Loss(TrainOptions options)
    {
        TrainingLoss? loss = options.Loss ?? options.Learner switch
        {
            Learner.Linear => TrainingLoss.Squared,
            Learner.Logistic => TrainingLoss.CrossEntropy,
            Learner.Svm => TrainingLoss.Hinge,
            _ => null,
        };
        return loss is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName((loss == TrainingLoss.Log ? TrainingLoss.CrossEntropy : loss.Value).ToString());
    }

    // Folds in time learn from 1, 2, ... k parts and are judged by one.
    private static double TestRatio(TrainOptions options) => options.Split == SplitKind.TimeOrdered
        ? Enumerable.Range(1, options.Folds).Average(fold => 1.0 / fold)
        : 1.0 / (options.Folds - 1);

    // The base class library's own patterns, in which a backslash escapes and a question mark is any character, neither of which is meant here.
    private static bool Matches(string pattern, string study) => FileSystemName.MatchesSimpleExpression(
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal), study, ignoreCase: false);
}
