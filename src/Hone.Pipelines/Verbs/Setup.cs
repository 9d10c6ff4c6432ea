using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Verbs;

/// <summary>Makes a folder a data repository.</summary>
public static class Setup
{
    private const string IgnoreLines = """
        # Add patterns of files dvc should ignore, which could improve
        # the performance. Learn more at
        # https://dvc.org/doc/user-guide/dvcignore

        """;

    /// <summary>Writes <c>.dvc</c> and <c>.dvcignore</c> as DVC does, and puts them into Git's index.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="hasNoScm">Whether it is to live without Git.</param>
    /// <param name="isSubfolder">Whether it may be a folder within a Git working tree.</param>
    /// <param name="isForced">Whether a <c>.dvc</c> that is there is replaced, with all that is in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PipelineException">It is a repository already, or not a Git working tree.</exception>
    public static async Task RunAsync(string folder, bool hasNoScm, bool isSubfolder, bool isForced, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var dvc = Path.Combine(root, ".dvc");
        if (!hasNoScm && !(isSubfolder ? Git.Holds(root) : Path.Exists(Path.Combine(root, ".git"))))
        {
            throw new PipelineException(
                $"'{root}' is {(isSubfolder || !Git.Holds(root) ? "in no Git repository: run git init first, or give --no-scm" : "inside of a Git repository, not its top: give --subdir")}",
                PipelineFault.WrongInput);
        }

        if (Path.Exists(dvc))
        {
            if (!isForced)
            {
                throw new PipelineException($"'{root}' is a data repository already: there is a .dvc. --force replaces it, with its cache", PipelineFault.WrongInput);
            }

            Tree.Remove(dvc);
        }

        SafeFile.MakeFolders(Path.Combine(dvc, "tmp"));
        SafeFile.WriteBytes(Path.Combine(dvc, "config"), hasNoScm ? "[core]\n    no_scm = True\n"u8 : ""u8, 0x1B6);
        var made = new List<string> { ".dvc/config" };
        if (!hasNoScm)
        {
            SafeFile.WriteText(Path.Combine(dvc, ".gitignore"), "/config.local\n/tmp\n/cache\n");
            made.Add(".dvc/.gitignore");
        }

        if (SafeFile.ReadText(Path.Combine(root, ".dvcignore")) is null)
        {
            SafeFile.WriteText(Path.Combine(root, ".dvcignore"), IgnoreLines.ReplaceLineEndings("\n"));
        }

        made.Add(".dvcignore");
        using var repository = Repository.At(root);
        if (Git.Of(repository) is { } git)
        {
            await git.StageAsync(made, cancellationToken);
        }
    }
}
