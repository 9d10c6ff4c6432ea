using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Verbs;

/// <summary>Records what tracked outputs hold now, and keeps it in the cache.</summary>
public static class Commit
{
    /// <summary>Commits the outputs of <c>.dvc</c> files.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="files">The records.</param>
    /// <param name="cancellationToken">Ends the work between two files.</param>
    /// <returns>The records that changed, below the root.</returns>
    /// <exception cref="PipelineException">An output is not there, or cannot be read.</exception>
    public static IReadOnlyList<string> Run(Repository repository, IEnumerable<DvcFile> files, CancellationToken cancellationToken = default)
    {
        var reader = new ContentReader(repository, cancellationToken);
        var changed = new List<string>();
        foreach (var file in files)
        {
            var current = file;
            foreach (var output in file.Outputs)
            {
                var content = output.IsCached ? reader.Keep(output.Path)
                    : reader.Read(output.Path) ?? throw new PipelineException($"'{output.Path}' does not exist; put it back with hone checkout, or hone remove {file.Path}");
                if (content.Id == output.Id && !output.IsLegacy)
                {
                    continue;
                }

                var name = file.Folder.Length == 0 ? output.Path : Path.GetRelativePath("/" + file.Folder, "/" + output.Path);
                SafeFile.WriteText(Path.Combine(repository.Root, file.Path), DvcFile.TextWith(current, name, content));
                current = DvcFile.Read(repository, file.Path)!;
                changed.Add(file.Path);
            }
        }

        return changed;
    }
}
