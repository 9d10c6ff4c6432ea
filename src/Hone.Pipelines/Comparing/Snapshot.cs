using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Comparing;

/// <summary>The texts of parameters, metrics and plots, in the workspace or in a revision.</summary>
public sealed class Snapshot
{
    private readonly Func<string, string?> _read;

    private Snapshot(string name, Func<string, string?> read)
    {
        Name = name;
        _read = read;
    }

    /// <summary><c>workspace</c>, or the revision as the user wrote it.</summary>
    public string Name { get; }

    /// <summary>What lies in the workspace.</summary>
    public static Snapshot Workspace(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new Snapshot("workspace", path => SafeFile.ReadText(Path.Combine(repository.Root, path)));
    }

    /// <summary>What a revision holds: what Git keeps, and by the lock files of the revision what the cache keeps.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="pipeline">The pipeline of the workspace, which says what made which file.</param>
    /// <param name="revision">A commit, a branch or a tag.</param>
    /// <param name="paths">The files that will be asked for, from the repository's root.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PipelineException">There is no such revision, or no Git.</exception>
    public static async Task<Snapshot> OfAsync(
        Repository repository, Pipeline pipeline, string revision, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (Git.Of(repository) is not { } git || !Git.Holds(repository.Root))
        {
            throw new PipelineException($"there is no revision '{revision}': the repository lives without Git", PipelineFault.WrongInput);
        }

        if (await git.ResolveAsync(revision, cancellationToken) is null)
        {
            throw new PipelineException($"there is no revision '{revision}' in Git", PipelineFault.WrongInput);
        }

        var wanted = paths.Concat(pipeline.Files.SelectMany(file => file.Stages.Take(1)).Select(stage => stage.LockFile)).ToHashSet(StringComparer.Ordinal);
        var texts = await git.FilesAsync(revision, wanted.Contains, cancellationToken);
        return new Snapshot(revision, path => texts.GetValueOrDefault(path) ?? Kept(repository, pipeline, texts, path));
    }

    /// <summary>The text of a file; null if there is none.</summary>
    public string? Text(string path) => _read(path);

    /// <summary>What a file of parameters or metrics holds; null if there is none.</summary>
    /// <exception cref="PipelineException">It cannot be read as what its name says.</exception>
    public Value? Value(string path) => Text(path) is { } text ? ParametersFile.Any(text, path) : null;

    private static string? Kept(Repository repository, Pipeline pipeline, IReadOnlyDictionary<string, string> texts, string path)
    {
        var maker = pipeline.Graph.Stages.FirstOrDefault(stage => !stage.IsTracked && stage.Outputs.Any(output => PipelinePaths.IsWithin(path, output.Path)));
        if (maker is null || !texts.TryGetValue(maker.LockFile, out var lockText))
        {
            return null;
        }

        var output = maker.Outputs.First(output => PipelinePaths.IsWithin(path, output.Path));
        if (LockFile.Read(lockText, maker.LockFile).Find(maker.Name)?.Output(output.Written) is not { Id: not null } locked || !ObjectId.TryParse(locked.Id, out var id))
        {
            return null;
        }

        var content = id.IsFolder ? repository.Cache.ReadManifest(id, !locked.HasHashName)?.Find(path[(output.Path.Length + 1)..])?.Id : id;
        return content is { } found ? SafeFile.ReadText(repository.Cache.PathOf(found, !locked.HasHashName)) : null;
    }
}
