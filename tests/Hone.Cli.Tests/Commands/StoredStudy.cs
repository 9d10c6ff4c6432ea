using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Tests.Commands;

/// <summary>Puts studies with given measurements into a real store, through the journal that a tuner writes.</summary>
/// <remarks>Whoever puts many holds the store open meanwhile: the last to close it folds the log into the file.</remarks>
internal static class StoredStudy
{
    private static readonly SearchSpace Space = new([new FloatParameter("learning_rate", 0.1, 1)]);

    /// <summary>A study of a learner on a data set, as if its file had said so, with one trial of one report.</summary>
    public static Task AddAsync(string path, string model, string data, string metric, double score, params double[] folds) =>
        AddAsync(path, $"{data}-{model}", new Objective(metric, Goal.Maximize), Origin(model, data), Report(metric, score, folds));

    /// <summary>A study whose trials each make one report a step.</summary>
    public static async Task AddAsync(string path, string name, Objective objective, StudyOrigin? origin, params MetricValue[][][] trials)
    {
        await using var store = await StudyStore.OpenAsync(path, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(new Study { Name = name, Space = Space, Objectives = [objective], Origin = origin });
        journal.Append(new SessionBegan(DateTimeOffset.UnixEpoch));
        foreach (var (index, reports) in trials.Index())
        {
            var at = DateTimeOffset.UnixEpoch.AddSeconds(index);
            var series = new MetricSeries();
            journal.Append(new TrialProposed(at, index + 1, Space.Sample(new SeededRandom((ulong)index))));
            journal.Append(new TrialStarted(at, index + 1, 1));
            foreach (var (step, values) in reports.Index())
            {
                journal.Append(new TrialReported(at, index + 1, 1, step + 1, values, TimeSpan.FromMilliseconds(step)));
                Array.FindAll(values, value => value.Metric == objective.Metric).ToList().ForEach(value => series.Add(step, value.Value));
            }

            journal.Append(new TrialEnded(at, index + 1, reports.Length > 0 ? TrialState.Complete : TrialState.Failed, "", [series.Take(objective.Take)], 0, TimeSpan.FromSeconds(1)));
        }

        await journal.CommitAsync(CancellationToken.None);
    }

    public static StudyOrigin Origin(string model, string data, params (string Name, string Value)[] settings) => new()
    {
        Training = new Dictionary<string, string>(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))) { ["learner"] = model, ["data"] = data },
        Stop = "[]",
    };

    public static MetricValue[][] Report(string metric, double score, params double[] folds) =>
        [[new(metric, score), .. folds.Index().Select(fold => new MetricValue($"fold_{fold.Index + 1}/{metric}", fold.Item))]];
}
