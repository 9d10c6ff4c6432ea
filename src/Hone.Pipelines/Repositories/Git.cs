using System.Diagnostics;
using System.Text;

namespace Hone.Pipelines.Repositories;

/// <summary>What Git says of a repository, asked of its command.</summary>
public sealed class Git
{
    private readonly string _folder;

    private Git(string folder) => _folder = folder;

    /// <summary>The Git that a repository lives in; null for one that lives without.</summary>
    public static Git? Of(Repository repository) => repository.HasNoScm ? null : new Git(repository.Root);

    /// <summary>Whether a folder lies in a Git working tree.</summary>
    public static bool Holds(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Which of some paths Git ignores.</summary>
    public async Task<HashSet<string>> IgnoredAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken) =>
        [.. (await RunAsync(["check-ignore", "-z", "--stdin", "--no-index"], Joined(paths), [0, 1], cancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Which of some paths Git tracks, or tracks something in.</summary>
    public async Task<HashSet<string>> TrackedAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(["ls-files", "-z", "--", .. paths.Select(path => ":(literal)" + path)], null, [0], cancellationToken);
        var tracked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in listed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            tracked.UnionWith(paths.Where(path => file == path || file.StartsWith(path + "/", StringComparison.Ordinal)));
        }

        return tracked;
    }

    /// <summary>Puts files into Git's index.</summary>
    public Task StageAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken) =>
        RunAsync(["add", "--", .. paths], null, [0], cancellationToken);

    /// <summary>The texts of files in a revision: those whose name passes.</summary>
    /// <param name="revision">A commit, a branch or a tag.</param>
    /// <param name="wanted">Judges a path below the repository's root.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PipelineException">There is no such revision.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FilesAsync(string revision, Func<string, bool> wanted, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(["ls-tree", "-r", "-z", revision, "--", "."], null, [0], cancellationToken);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in listed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..];
            if (wanted(path))
            {
                files[path] = await RunAsync(["cat-file", "blob", line.Split(' ', '\t')[2]], null, [0], cancellationToken);
            }
        }

        return files;
    }

    /// <summary>The id of a revision; null if there is none, as in a repository without commits.</summary>
    public async Task<string?> ResolveAsync(string revision, CancellationToken cancellationToken)
    {
        var (code, output, _) = await StartAsync(["rev-parse", "-q", "--verify", revision + "^{commit}"], null, cancellationToken);
        return code == 0 ? output.Trim() : null;
    }

    /// <summary>The ids of commits: of the tips of branches, of tags, or of all.</summary>
    public async Task<IReadOnlyList<string>> RevisionsAsync(bool branches, bool tags, bool all, CancellationToken cancellationToken)
    {
        var arguments = new List<string> { "rev-list" };
        arguments.AddRange(all ? ["--all"] : ["--no-walk"]);
        arguments.AddRange(branches ? ["--branches"] : []);
        arguments.AddRange(tags ? ["--tags"] : []);
        return (await RunAsync([.. arguments], null, [0, 129], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Joined(IEnumerable<string> paths) => string.Concat(paths.Select(path => path + "\0"));

    private async Task<string> RunAsync(string[] arguments, string? input, int[] expected, CancellationToken cancellationToken)
    {
        var (code, output, errors) = await StartAsync(arguments, input, cancellationToken);
        return expected.Contains(code) ? output : throw new PipelineException($"git {arguments[0]} failed: {errors.Trim()}");
    }

    private async Task<(int Code, string Output, string Errors)> StartAsync(string[] arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Begin(start);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all, and says itself why.
        }

        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new PipelineException("git cannot be started: install it, or make the repository with hone init --no-scm", cause: missing);
        }
    }
}
