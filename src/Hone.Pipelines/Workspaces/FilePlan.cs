using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Workspaces;

/// <summary>What must change for a path to hold a content. Paths are below the output; that of a file itself is empty.</summary>
/// <param name="Write">Files to write.</param>
/// <param name="Delete">Files to remove, with their present content.</param>
/// <param name="Overwritten">The present content of those of <paramref name="Write"/> that are there.</param>
internal sealed record FilePlan(List<ManifestEntry> Write, List<ManifestEntry> Delete, List<ManifestEntry> Overwritten)
{
    /// <summary>Whether nothing must change.</summary>
    public bool IsEmpty => Write.Count == 0 && Delete.Count == 0;

    /// <summary>Compares what is wanted with what is there; both by path in the order of code points.</summary>
    public static FilePlan Of(IReadOnlyList<ManifestEntry> wanted, IReadOnlyList<ManifestEntry> present, CheckoutOptions options, string output)
    {
        var plan = new FilePlan([], [], []);
        var (i, j) = (0, 0);
        while (i < wanted.Count || j < present.Count)
        {
            var order = i == wanted.Count ? 1 : j == present.Count ? -1 : Files.PathText.Compare(wanted[i].Path, present[j].Path);
            var entry = order <= 0 ? wanted[i] : present[j];
            var isWanted = options.Wanted is not { } wants || wants(output + "/" + entry.Path);
            if (isWanted && order > 0)
            {
                plan.Delete.Add(entry);
            }
            else if (isWanted && (order < 0 || options.IsRelinking || wanted[i].Id != present[j].Id))
            {
                plan.Write.Add(entry);
                if (order == 0)
                {
                    plan.Overwritten.Add(present[j]);
                }
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return plan;
    }
}
