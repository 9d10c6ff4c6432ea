using Hone.Cli.StudyFiles;
using Hone.Pipelines;
using Hone.Pipelines.Lineage;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary>Which versions of data and pipeline a study reads, and whether what the store has of it was found on the same.</summary>
internal static class StudyLineage
{
    /// <summary>What a study reads; null outside of a data repository.</summary>
    public static async Task<DataVersions?> OfAsync(Training training, Surroundings surroundings, CancellationToken cancellationToken)
    {
        try
        {
            return await DataVersions.ReadAsync(training.Directory, PathsOf(training), cancellationToken);
        }
        catch (PipelineException wrong)
        {
            // A record that cannot be read is no reason not to tune.
            await surroundings.Errors.WriteLineAsync($"hone: which data the study reads is not recorded: {wrong.Message}");
            return null;
        }
    }

    /// <summary>Whether a stage must begin its study anew: what the stage reads is no longer what it was.</summary>
    /// <remarks>With the same inputs it goes on, so that a stage that was killed loses no trial.</remarks>
    public static async Task<bool> IsOutdatedAsync(StudyStore store, string study, DataVersions? versions, CancellationToken cancellationToken) =>
        versions?.Lock is { } now
        && DataVersions.Of(await store.ReadTagsAsync(study, cancellationToken))?.Lock is { } before
        && before != now;

    // A command may name its data anywhere in its words, as in --data=x.csv; what is not tracked does not count.
    private static IEnumerable<string> PathsOf(Training training) => training is CommandTraining command
        ? command.Command.Split([' ', '\t', '\n', '=', '"', '\''], StringSplitOptions.RemoveEmptyEntries)
        : ((LearnerTraining)training).Settings.Where(setting => setting.Key is "data" or "test" or "model").Select(setting => setting.Value);
}
