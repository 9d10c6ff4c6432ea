using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Verbs;

/// <summary>Compares outputs between two revisions, or a revision and the workspace.</summary>
public static class Diff
{
    /// <summary>Compares.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="index">What the workspace records.</param>
    /// <param name="from">The revision before.</param>
    /// <param name="to">The revision later; null for the workspace as it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PipelineException">There is no such revision.</exception>
    public static async Task<Difference> RunAsync(
        Repository repository, RepositoryIndex index, string from, string? to, CancellationToken cancellationToken = default)
    {
        var before = await RevisionOutputs.ReadAsync(repository, from, cancellationToken);
        var later = to is null ? RevisionOutputs.OfWorkspace(repository, index, cancellationToken) : await RevisionOutputs.ReadAsync(repository, to, cancellationToken);
        var added = later.Keys.Where(path => !before.ContainsKey(path)).Order(PathOrder).ToList();
        var deleted = before.Keys.Where(path => !later.ContainsKey(path)).Order(PathOrder).ToList();
        var modified = later.Where(output => before.TryGetValue(output.Key, out var old) && old != output.Value).Select(output => output.Key).Order(PathOrder).ToList();
        var renamed = Renamed(before, later, added, deleted);
        var unknown = before.Concat(later).Where(output => output.Value.IsFolder && output.Value != default && !IsListed(repository, output.Value, output.Key, before, later))
            .Select(output => output.Key).Distinct().Order(PathOrder).ToList();
        return new Difference(added, deleted, modified, renamed, unknown);
    }

    private static readonly IComparer<string> PathOrder = Comparer<string>.Create((a, b) => PathText.Compare(a, b));

    // A folder of the past whose list is gone: its files are in neither table.
    private static bool IsListed(Repository repository, ObjectId id, string path, Dictionary<string, ObjectId> before, Dictionary<string, ObjectId> later) =>
        repository.Cache.Has(id) || repository.Cache.Has(id, isLegacy: true) || before.GetValueOrDefault(path) != id
        || later.Keys.Any(key => key.Length > path.Length && key.StartsWith(path, StringComparison.Ordinal) && later.GetValueOrDefault(path) == id);

    private static List<(string Old, string New)> Renamed(
        Dictionary<string, ObjectId> before, Dictionary<string, ObjectId> later, List<string> added, List<string> deleted)
    {
        var renamed = new List<(string Old, string New)>();
        foreach (var old in deleted.ToList())
        {
            if (added.Find(path => later[path] == before[old]) is { } moved)
            {
                added.Remove(moved);
                deleted.Remove(old);
                renamed.Add((old, moved));
            }
        }

        return renamed;
    }
}
