using System.Globalization;
using System.Text;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Repositories;

/// <summary>The right to change a repository, which one command has at a time, DVC's included: <c>.dvc/tmp/lock</c>.</summary>
/// <remarks>The kernel takes the lock back when its holder ends, however it ends: there are no stale ones.</remarks>
public sealed class RepositoryLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly int _file;

    private RepositoryLock(int file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="repository">The repository to change.</param>
    /// <param name="time">The clock of the waiting.</param>
    /// <param name="patience">How long to wait for another holder; null for 3 seconds, <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="PipelineException">Another command has it; the message says which.</exception>
    public static async Task<RepositoryLock> TakeAsync(
        Repository repository, TimeProvider time, TimeSpan? patience = null, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(repository.TemporaryFolder, "lock");
        SafeFile.MakeFolders(repository.TemporaryFolder);
        var file = Posix.OpenOrCreate(path);
        if (file < 0)
        {
            throw Posix.Failure("lock", path);
        }

        var start = time.GetTimestamp();
        var limit = patience ?? Patience;
        while (!Posix.TryLock(file))
        {
            if (limit != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) >= limit)
            {
                Posix.Close(file);
                throw new PipelineException(
                    $"another command is working in this repository{Holder(path)}. Wait for its end, or give --wait-for-lock");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        Sign(file, path);
        return new RepositoryLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => Posix.Close(_file);

    /// <summary>The command line of a process, shortened; empty if it has ended or is not ours to see.</summary>
    internal static string CommandOf(int processId)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return line.Length <= 100 ? line : line[..97] + "...";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Holder(string path)
    {
        var text = (SafeFile.ReadText(path) ?? "").Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
        {
            return "";
        }

        var command = CommandOf(process);
        return command.Length == 0 ? $" (process {process})" : $": '{command}' (process {process})";
    }

    // As in DVC's lock file: the holder's number, for others to read. Blanks cover a longer one that was there.
    private static void Sign(int file, string path) =>
        Posix.Write(file, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {Environment.ProcessId,-10}\n")), path);
}
