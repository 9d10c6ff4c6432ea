using System.ComponentModel;
using System.Diagnostics;

namespace Hone.Pipelines.Remotes;

/// <summary>Runs the commands by which a remote is reached.</summary>
/// <param name="remote">What messages call the remote.</param>
internal sealed class SystemCommand(string remote)
{
    private const int SshFailed = 255;
    private const int MostOfMessage = 300;

    // rsync: 10 and 12 socket and data stream, 30 and 35 time, 20 interrupted.
    private static readonly int[] RsyncCut = [10, 12, 30, 35];

    /// <summary>Runs a command to its end.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="output">Where to write what it says; null for nowhere.</param>
    /// <param name="expected">The exit codes that are no failure.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="PipelineException">It does not start, or ends otherwise than expected.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> words, Stream? input, Stream? output, int[] expected, CancellationToken cancellationToken)
    {
        using var process = Start(words);
        await using var stop = cancellationToken.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output ?? Stream.Null, CancellationToken.None);
        await FeedAsync(process, input);
        await reading;
        var said = await errors;
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return expected.Contains(process.ExitCode) ? process.ExitCode : throw Failure(words[0], process.ExitCode, said.Trim());
    }

    private static async Task FeedAsync(Process process, Stream? input)
    {
        try
        {
            if (input is not null)
            {
                await input.CopyToAsync(process.StandardInput.BaseStream, CancellationToken.None);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all, and says itself why.
        }
    }

    private Process Start(IReadOnlyList<string> words)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception missing)
        {
            throw new PipelineException($"the remote '{remote}' needs the program '{words[0]}', which does not start: {missing.Message}. Install it", cause: missing);
        }
    }

    private PipelineException Failure(string program, int code, string said)
    {
        var message = said.Length == 0 ? $"{program} ended with exit code {code}" : said.Length <= MostOfMessage ? said.ReplaceLineEndings("; ") : said[^MostOfMessage..].ReplaceLineEndings("; ");
        var isCut = code == SshFailed || (program == "rsync" && RsyncCut.Contains(code));
        return new PipelineException($"the remote '{remote}' {(isCut ? "does not answer" : "fails")}: {message}");
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
