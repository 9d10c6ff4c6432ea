using System.ComponentModel;
using System.Diagnostics;

namespace Hone.Pipelines.Stages;

/// <summary>Runs the commands of stages by the user's shell, as DVC does.</summary>
internal static class ShellCommand
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">What the shell gets.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables besides those of this process.</param>
    /// <param name="see">Gets each line of its output, and whether it came by standard error; null: it writes where this process writes.</param>
    /// <param name="started">Called with the process's number once it runs.</param>
    /// <param name="cancellationToken">Ends it with all that it started.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="PipelineException">The shell does not start.</exception>
    public static async Task<int> RunAsync(
        string command,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        Action<string, bool>? see,
        Action<int> started,
        CancellationToken cancellationToken)
    {
        var start = Start(command, folder, environment, see is not null);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception wrong)
        {
            throw new PipelineException($"the shell '{start.FileName}' does not start: {wrong.Message}", cause: wrong);
        }

        started(process.Id);
        if (see is not null)
        {
            process.StandardInput.Close();
        }

        var reading = see is null ? Task.CompletedTask : Task.WhenAll(
            ReadAsync(process.StandardOutput, line => see(line, false)), ReadAsync(process.StandardError, line => see(line, true)));
        await using (cancellationToken.Register(() => Kill(process)))
        {
            await process.WaitForExitAsync(CancellationToken.None);
            await reading;
        }

        return process.ExitCode;
    }

    private static ProcessStartInfo Start(string command, string folder, IReadOnlyDictionary<string, string> environment, bool isSeen)
    {
        var shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } usual && File.Exists(usual) ? usual : "/bin/sh";
        var start = new ProcessStartInfo(shell)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = isSeen,
            RedirectStandardOutput = isSeen,
            RedirectStandardError = isSeen,
        };
        if (Path.GetFileName(shell) == "bash")
        {
            // The user's own settings must not change what a stage does.
            start.ArgumentList.Add("--noprofile");
            start.ArgumentList.Add("--norc");
        }

        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task ReadAsync(StreamReader output, Action<string> see)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            see(line);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }
}
