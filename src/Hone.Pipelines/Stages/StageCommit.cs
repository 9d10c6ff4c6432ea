using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Stages;

/// <summary>Records what stages read and wrote as it lies there now, without running them.</summary>
public static class StageCommit
{
    /// <summary>Records stages; their outputs go into the cache.</summary>
    /// <param name="repository">The repository; its lock is not held by the caller.</param>
    /// <param name="pipeline">Its pipeline.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="time">The clock of the waiting for the repository.</param>
    /// <returns>The lock files that changed, from the repository's root.</returns>
    /// <exception cref="PipelineException">Something that a stage reads or writes is missing.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(Repository repository, Pipeline pipeline, IEnumerable<Stage> stages, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var records = new StageRecords(repository, pipeline, new StageData(repository), time);
        var changed = new List<string>();
        foreach (var stage in stages.Where(stage => !stage.IsTracked && !records.Comparison.Status(stage, pipeline.Locked(stage)).IsRecorded))
        {
            if (await records.RecordAsync(stage, records.Inputs(stage), skipsCache: false))
            {
                changed.Add(stage.LockFile);
            }
        }

        return [.. changed.Distinct(StringComparer.Ordinal)];
    }
}
