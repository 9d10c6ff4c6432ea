using System.Diagnostics;

namespace Hone.Cli.Commands.Runs;

/// <summary>What version of the source a command runs from, as Git says it, and what runs it.</summary>
internal static class SourceState
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The tags of a run that say so, by MLflow's names; none where there is no Git, or no commit.</summary>
    public static async Task<Dictionary<string, string>> GitAsync(string folder, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var status = SayAsync("git", ["status", "--porcelain=v2", "--branch", "--untracked-files=no"], folder, cancellationToken);
        var remote = SayAsync("git", ["config", "--get", "remote.origin.url"], folder, cancellationToken);
        var isDirty = false;
        foreach (var line in (await status ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            switch (words)
            {
                case ["#", "branch.oid", not "(initial)" and var commit]:
                    tags["mlflow.source.git.commit"] = commit;
                    break;
                case ["#", "branch.head", not "(detached)" and var branch]:
                    tags["mlflow.source.git.branch"] = branch;
                    break;
                default:
                    isDirty |= words[0] != "#";
                    break;
            }
        }

        if (!tags.ContainsKey("mlflow.source.git.commit"))
        {
            await remote;
            return [];
        }

        tags["mlflow.source.git.dirty"] = isDirty ? "true" : "false";
        if ((await remote)?.Trim() is { Length: > 0 } address)
        {
            tags["mlflow.source.git.repoURL"] = WithoutUser(address);
        }

        return tags;
    }

    /// <summary>What an interpreter says of its version, such as <c>Python 3.11.2</c>; null for a command that is none of Python's.</summary>
    public static async Task<string?> PythonAsync(string program, CancellationToken cancellationToken) =>
        Path.GetFileName(program).StartsWith("python", StringComparison.Ordinal)
            ? (await SayAsync(program, ["--version"], ".", cancellationToken))?.Trim()
            : null;

    // An address may hold a token before the name of its host: https://me:token@example.com/repository.git
    private static string WithoutUser(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? address.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
            : address;

    // Null: it could not be asked, did not answer in time, or said no.
    private static async Task<string?> SayAsync(string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process)
        {
            try
            {
                var said = process.StandardOutput.ReadToEndAsync(either.Token);
                _ = await process.StandardError.ReadToEndAsync(either.Token);
                await process.WaitForExitAsync(either.Token);
                return process.ExitCode == 0 ? await said : null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                return null;
            }
        }
    }
}
