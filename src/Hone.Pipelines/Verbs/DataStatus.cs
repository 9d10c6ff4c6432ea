using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Verbs;

/// <summary>How outputs stand: between Git's last commit and the records, and between the records and the workspace.</summary>
/// <param name="NotInCache">Outputs whose recorded content is not in the cache.</param>
/// <param name="Committed">Records that differ from Git's last commit: a word (<c>added</c>, <c>modified</c>, <c>deleted</c>) and a path.</param>
/// <param name="Uncommitted">Outputs that differ from their records.</param>
/// <param name="Unchanged">Outputs that do neither.</param>
public sealed record DataStatus(
    IReadOnlyList<string> NotInCache, IReadOnlyList<(string Word, string Path)> Committed, IReadOnlyList<(string Word, string Path)> Uncommitted, IReadOnlyList<string> Unchanged)
{
    /// <summary>Finds out how the outputs of an index stand.</summary>
    /// <exception cref="PipelineException">Something cannot be read.</exception>
    public static async Task<DataStatus> ReadAsync(Repository repository, RepositoryIndex index, CancellationToken cancellationToken = default)
    {
        var head = repository.HasNoScm ? [] : await RevisionOutputs.ReadAsync(repository, "HEAD", cancellationToken);
        var reader = new ContentReader(repository, cancellationToken);
        var committed = new List<(string Word, string Path)>();
        var uncommitted = new List<(string Word, string Path)>();
        var notInCache = new List<string>();
        var unchanged = new List<string>();
        foreach (var output in index.Outputs.Where(output => output.Id is not null))
        {
            var shown = output.Path + (output.Id!.Value.IsFolder ? "/" : "");
            var present = reader.Read(output.Path, output.IsLegacy)?.Id;
            var isKept = !output.IsCached || Status.IsKept(repository, output, output.Id.Value, null, reader);
            var old = head.TryGetValue(output.Path, out var file) ? file : head.TryGetValue(output.Path + "/", out var folder) ? folder : (ObjectId?)null;
            Note(old, output.Id, shown, committed);
            Note(output.Id, present, shown, uncommitted);
            if (!isKept)
            {
                notInCache.Add(shown);
            }
            else if (old == output.Id && present == output.Id)
            {
                unchanged.Add(shown);
            }
        }

        var gone = head.Keys.Where(path => index.FindAround(path.TrimEnd('/')) is null && !IsWithin(head, path));
        committed.AddRange(gone.Select(path => ("deleted", path)));
        return new DataStatus(notInCache, committed, uncommitted, unchanged);
    }

    private static void Note(ObjectId? before, ObjectId? later, string path, List<(string Word, string Path)> changes)
    {
        if (before != later)
        {
            changes.Add((before is null ? "added" : later is null ? "deleted" : "modified", path));
        }
    }

    private static bool IsWithin(Dictionary<string, ObjectId> outputs, string path)
    {
        for (var slash = path.LastIndexOf('/', path.Length - 2); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (outputs.ContainsKey(path[..(slash + 1)]))
            {
                return true;
            }
        }

        return false;
    }
}
