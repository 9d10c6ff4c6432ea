using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Lineage;

/// <summary>Which stage made a file or folder, and from which data, by what lock files say now or said in Git's history.</summary>
/// <param name="Path">The file, below the repository's root.</param>
/// <param name="Md5">Its content's MD5; of a folder that of its manifest, with <c>.dir</c> behind it.</param>
/// <param name="Commit">The commit whose lock file says so; null for the workspace's.</param>
/// <param name="Stage">The stage that made it.</param>
/// <param name="Reads">Everything that went into it, also by way of other stages: what stands last is data that no stage made.</param>
public sealed record FileOrigin(string Path, string Md5, string? Commit, string Stage, IReadOnlyList<OriginPath> Reads)
{
    /// <summary>Finds out where a file or folder comes from.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">Below its root.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Null if no lock file names this content.</returns>
    /// <exception cref="PipelineException">There is nothing at the path, or a lock file cannot be read.</exception>
    public static async Task<FileOrigin?> FindAsync(Repository repository, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var content = new ContentReader(repository, cancellationToken).Read(path) ?? throw new PipelineException($"'{path}' does not exist", PipelineFault.WrongInput);
        var md5 = content.Id.ToString();
        using (var pipeline = Pipeline.Load(repository))
        {
            var stages = pipeline.Graph.Stages.Where(stage => !stage.IsTracked)
                .Select(stage => (stage.Address, Locked: pipeline.Locked(stage))).Where(stage => stage.Locked is not null).Select(stage => (stage.Address, stage.Locked!)).ToList();
            if (In(stages, path, md5, null) is { } found)
            {
                return found;
            }
        }

        if (Git.Of(repository) is not { } git || await git.ResolveAsync("HEAD", cancellationToken) is null)
        {
            return null;
        }

        foreach (var commit in await git.RevisionsAsync(branches: false, tags: false, all: true, cancellationToken))
        {
            var locks = await git.FilesAsync(commit, file => System.IO.Path.GetFileName(file) == "dvc.lock", cancellationToken);
            var stages = locks.Select(file => (file.Key, Lock: LockFile.Read(file.Value, $"{file.Key} in {commit}")))
                .SelectMany(file => file.Lock.Names.Select(name => (Address: file.Key == "dvc.lock" ? name : $"{file.Key[..^"lock".Length]}yaml:{name}", file.Lock.Find(name)!))).ToList();
            if (In(stages, path, md5, commit) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static FileOrigin? In(List<(string Address, LockedStage Locked)> stages, string path, string md5, string? commit)
    {
        // By content, since a lock file's paths count from its stage's folder; of several the one that calls it by this name.
        var makers = stages.Where(stage => stage.Locked.Outputs.Any(output => output.Id == md5)).ToList();
        if (makers.Count == 0)
        {
            return null;
        }

        var maker = makers.Find(stage => stage.Locked.Outputs.Any(output => output.Id == md5 && path.EndsWith(output.Path.TrimEnd('/'), StringComparison.Ordinal)));
        maker = maker.Locked is null ? makers[0] : maker;
        var reads = new OrderedDictionary<(string Path, string Md5), OriginPath>();
        var open = new Queue<LockedStage>([maker.Locked]);
        while (open.TryDequeue(out var stage))
        {
            foreach (var read in stage.Dependencies.Where(read => read.Id is not null && !reads.ContainsKey((read.Path, read.Id))))
            {
                var by = stages.Find(other => other.Locked.Outputs.Any(output => output.Id == read.Id && output.Path.TrimEnd('/') == read.Path.TrimEnd('/')));
                reads.Add((read.Path, read.Id!), new OriginPath(read.Path, read.Id!, by.Address));
                if (by.Locked is not null)
                {
                    open.Enqueue(by.Locked);
                }
            }
        }

        return new FileOrigin(path, md5, commit, maker.Address, [.. reads.Values.OrderBy(read => read.Stage is null)]);
    }
}

/// <summary>Something that a stage read.</summary>
/// <param name="Path">As the lock file writes it.</param>
/// <param name="Md5">Its content then.</param>
/// <param name="Stage">The stage that made it; null for data and code that none made.</param>
public sealed record OriginPath(string Path, string Md5, string? Stage);
