using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Stages;

/// <summary>What stages make, as all verbs on data see it.</summary>
public static class StageOutputs
{
    /// <summary>The outputs of a pipeline file with what its lock file records of them.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">A <c>dvc.yaml</c>, from the repository's root.</param>
    /// <exception cref="PipelineException">It or its lock file cannot be read.</exception>
    public static IEnumerable<TrackedOutput> Of(Repository repository, string path)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var file = PipelineFileReader.Read(PipelineFiles.In(repository.Root), path, ArgumentStyle.From(repository.Config));
        return file.Stages.Count == 0 ? [] : Of(file, SafeFile.ReadText(Path.Combine(repository.Root, file.Stages[0].LockFile)));
    }

    /// <summary>The outputs of a pipeline with what the text of its lock file records of them.</summary>
    internal static IEnumerable<TrackedOutput> Of(PipelineFile file, string? lockText)
    {
        var locks = lockText is null ? LockFile.Empty : LockFile.Read(lockText, file.Stages[0].LockFile);
        return file.Stages.SelectMany(stage => stage.Outputs.Select(output =>
            Tracked(output, locks.Find(stage.Name)?.Output(output.Written) ?? new LockedPath(output.Written, null, null, null), stage.Address)));
    }

    internal static TrackedOutput Tracked(StageOutput output, LockedPath locked, string owner) => new()
    {
        Path = output.Path,
        Owner = owner,
        Id = ObjectId.TryParse(locked.Id, out var id) ? id : null,
        Size = locked.Size,
        FileCount = (int?)locked.Files,
        IsExecutable = locked.IsExecutable,
        IsLegacy = !locked.HasHashName && locked.Id is not null,
        IsCached = output.IsCached,
        IsPushed = output.IsPushed,
        Remote = output.Remote,
        IsFromStage = true,
    };
}
