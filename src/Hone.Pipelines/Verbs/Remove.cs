using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Verbs;

/// <summary>Stops tracking outputs, or moves them to other places.</summary>
public static class Remove
{
    /// <summary>Removes a <c>.dvc</c> file and the lines that keep its outputs out of Git; the data stay.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="file">The record.</param>
    /// <param name="withOutputs">Whether the data in the workspace go too.</param>
    /// <returns>The files kept in Git that changed, below the root; not the removed record.</returns>
    public static IReadOnlyList<string> Run(Repository repository, DvcFile file, bool withOutputs)
    {
        var changed = new List<string>();
        foreach (var output in file.Outputs)
        {
            if (!repository.HasNoScm && GitIgnoreFile.Remove(repository.Root, output.Path) is { } ignore)
            {
                changed.Add(ignore);
            }

            if (withOutputs)
            {
                Tree.Remove(Path.Combine(repository.Root, output.Path));
            }
        }

        Tree.RemoveFile(Path.Combine(repository.Root, file.Path));
        return changed;
    }

    /// <summary>Moves an output with its record.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="file">The record; it has one output.</param>
    /// <param name="destination">The new path below the root; a folder that is there takes the output in under its old name.</param>
    /// <returns>The files kept in Git that changed, below the root.</returns>
    /// <exception cref="PipelineException">Something is there already.</exception>
    public static IReadOnlyList<string> Move(Repository repository, DvcFile file, string destination)
    {
        var output = file.Outputs is [var only] ? only
            : throw new PipelineException($"'{file.Path}' records {file.Outputs.Count} outputs; only one that stands alone can be moved", PipelineFault.WrongInput);
        if (Posix.Stat(Path.Combine(repository.Root, destination), follow: true) is { IsFolder: true })
        {
            destination = (destination.Length == 0 ? "" : destination + "/") + output.Path[(output.Path.LastIndexOf('/') + 1)..];
        }

        if (Posix.Stat(Path.Combine(repository.Root, destination)) is not null || Posix.Stat(Path.Combine(repository.Root, destination + ".dvc")) is not null)
        {
            throw new PipelineException($"'{destination}' is there already; remove it or name another place", PipelineFault.WrongInput);
        }

        var from = Path.Combine(repository.Root, output.Path);
        var to = Path.Combine(repository.Root, destination);
        SafeFile.MakeFolders(Path.GetDirectoryName(to)!);

        // The new record first: killed in between, both records stand, and none of the data is without one.
        SafeFile.WriteText(to + ".dvc", file.TextWithPath(Path.GetRelativePath("/" + file.Folder, "/" + output.Path), Path.GetFileName(to)));
        if (Posix.Stat(from) is not null && Posix.Rename(from, to) is not 0 and var error)
        {
            Posix.Unlink(to + ".dvc");
            throw Posix.Failure("move", from, error);
        }

        Tree.RemoveFile(Path.Combine(repository.Root, file.Path));
        return repository.HasNoScm
            ? [destination + ".dvc"]
            : [destination + ".dvc", .. new[] { GitIgnoreFile.Add(repository.Root, destination), GitIgnoreFile.Remove(repository.Root, output.Path) }.OfType<string>().Distinct()];
    }

    /// <summary>Turns the links of an output into files of their own, which can be written.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="path">A file or folder below the root.</param>
    /// <exception cref="PipelineException">There is nothing.</exception>
    public static void Unprotect(Repository repository, string path)
    {
        var full = Path.Combine(repository.Root, path);
        var stamp = Posix.Stat(full) ?? throw new PipelineException($"'{path}' does not exist; put it back with hone checkout");
        if (stamp.IsFolder)
        {
            foreach (var entry in FolderReader.Read(full) ?? [])
            {
                Unprotect(repository, path + "/" + entry.Name);
            }
        }
        else if (stamp.IsLink || stamp.Links > 1 || !stamp.IsWritable)
        {
            var temporary = SafeFile.TemporaryBeside(full);
            File.Copy(full, temporary);
            Posix.SetMode(temporary, 0x1A4 | (stamp.Mode & 0x40));
            if (Posix.Rename(temporary, full) is not 0 and var error)
            {
                throw Posix.Failure("write", full, error);
            }
        }
    }
}
