using System.CommandLine;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>What every verb on data needs: the repository, its lock, and how results are told.</summary>
internal sealed class PipelineContext(CommonOptions common, Surroundings surroundings)
{
    /// <summary>How long to wait for a command that has the repository.</summary>
    public Option<bool> WaitForLock { get; } = new("--wait-for-lock")
    {
        Description = "Wait for a command that works in the repository, however long it takes.",
    };

    /// <summary>The options of all verbs.</summary>
    public CommonOptions Common => common;

    /// <summary>Where results go.</summary>
    public TextWriter Output => surroundings.Output;

    /// <summary>Where everything else goes.</summary>
    public TextWriter Errors => surroundings.Errors;

    /// <summary>The clock.</summary>
    public TimeProvider Time => surroundings.Time;

    /// <summary>The outputs of a <c>dvc.yaml</c>, by its path below the root.</summary>
    public Func<Repository, string, IEnumerable<TrackedOutput>>? Stages { get; init; }

    /// <summary>The repository of the current folder.</summary>
    public static Repository Open() => Repository.Find(Environment.CurrentDirectory);

    /// <summary>All that the repository records.</summary>
    public RepositoryIndex Index(Repository repository) =>
        RepositoryIndex.Read(repository, Stages is { } stages ? path => stages(repository, path) : null);

    /// <summary>Runs work that changes the repository, with its lock.</summary>
    public async Task<int> WithLockAsync(ParseResult parsed, Func<Repository, Task<int>> work, CancellationToken cancellationToken)
    {
        using var repository = Open();
        using var held = await RepositoryLock.TakeAsync(
            repository, Time, parsed.GetValue(WaitForLock) ? Timeout.InfiniteTimeSpan : null, cancellationToken);
        return await work(repository);
    }

    /// <summary>Stages changed files in Git if <c>core.autostage</c> is set; else tells how to.</summary>
    public async Task TellChangedAsync(ParseResult parsed, Repository repository, IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0 || Git.Of(repository) is not { } git)
        {
            return;
        }

        if (repository.Config.IsTrue("core", "autostage"))
        {
            await git.StageAsync(files, cancellationToken);
        }
        else if (!common.IsQuiet(parsed) && !common.IsJson(parsed))
        {
            var names = files.Distinct(StringComparer.Ordinal)
                .Select(file => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(repository.Root, file)));
            Output.WriteLine($"\nTo track the changes with git, run:\n\n\tgit add {string.Join(' ', names.Select(Quoted))}\n");
            Output.WriteLine("To enable auto staging, run:\n\n\thone config core.autostage true");
        }
    }

    /// <summary>A path as a shell takes it.</summary>
    private static string Quoted(string path) => path.Any(c => !char.IsAsciiLetterOrDigit(c) && c < 128 && !"-_./+,@:=".Contains(c, StringComparison.Ordinal)) ? $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'" : path;
}
