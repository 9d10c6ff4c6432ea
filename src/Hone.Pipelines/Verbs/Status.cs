using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Verbs;

/// <summary>Compares outputs with their records.</summary>
public static class Status
{
    /// <summary>How an output differs from its record: what is missing in the cache counts first, then what is missing in the workspace.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="output">The output.</param>
    /// <param name="reader">Reads the workspace.</param>
    /// <exception cref="PipelineException">Something cannot be read.</exception>
    public static OutputChange Of(Repository repository, TrackedOutput output, ContentReader reader)
    {
        if (output.Id is not { } id)
        {
            return OutputChange.New;
        }

        var present = reader.Read(output.Path, output.IsLegacy);
        var isSame = present?.Id == id;
        if (output.IsCached && !IsKept(repository, output, id, isSame ? present!.Manifest : null, reader))
        {
            return OutputChange.NotInCache;
        }

        return present is null ? OutputChange.Deleted : isSame ? OutputChange.None : OutputChange.Modified;
    }

    /// <summary>Whether all of a recorded content is in the cache.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="output">The output.</param>
    /// <param name="id">Its recorded content.</param>
    /// <param name="known">The manifest that <paramref name="id"/> names, if it is known from elsewhere.</param>
    /// <param name="reader">Gives the threads.</param>
    internal static bool IsKept(Repository repository, TrackedOutput output, ObjectId id, Manifest? known, ContentReader reader)
    {
        if (!repository.Cache.Has(id, output.IsLegacy))
        {
            return false;
        }

        if (!id.IsFolder)
        {
            return true;
        }

        var entries = (known ?? repository.Cache.ReadManifest(id, output.IsLegacy)!).Entries;
        var isMissing = false;
        reader.EachBatch(entries.Count, range =>
        {
            for (var i = range.Start.Value; i < range.End.Value && !isMissing; i++)
            {
                if (!repository.Cache.Has(entries[i].Id, output.IsLegacy))
                {
                    isMissing = true;
                }
            }
        });
        return !isMissing;
    }
}
