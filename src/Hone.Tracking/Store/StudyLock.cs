using System.Security.Cryptography;
using System.Text;

namespace Hone.Tracking.Store;

/// <summary>The right to tune a study, held by one process at a time. The operating system takes it back when the process dies.</summary>
internal sealed class StudyLock : IDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // What Linux, macOS and Windows say when somebody else has the file locked.
    private static readonly int[] LockedErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private StudyLock(FileStream file) => _file = file;

    /// <summary>Whom a second tuner is told of.</summary>
    public static string Holder => $"process {Environment.ProcessId} on {Environment.MachineName}";

    /// <summary>Takes the lock, or returns null if another has it.</summary>
    /// <exception cref="IOException">The lock's file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock's file cannot be made.</exception>
    public static async Task<StudyLock?> TryTakeAsync(string store, string study, CancellationToken cancellationToken)
    {
        var path = PathOf(store, study);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new StudyLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (LockedErrors.Contains(e.HResult))
            {
                if (attempt == Attempts)
                {
                    return null;
                }
            }

            // A reader that looks whether the lock is held has it for an instant itself. That instant is the system's, not the study's time.
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Whether somebody has the lock.</summary>
    public static bool IsHeld(string store, string study)
    {
        try
        {
            using var file = new FileStream(PathOf(store, study), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException e) when (LockedErrors.Contains(e.HResult))
        {
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The lock's file, which stays: a file that is removed while another process waits for it would be locked twice.</summary>
    /// <remarks>A study may have any name, so the file's is made of its harmless characters and a hash of the whole.</remarks>
    internal static string PathOf(string store, string study)
    {
        var full = Path.GetFullPath(store);
        var harmless = string.Concat(study.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Path.GetFileName(full)}\n{study}")).AsSpan(0, 8));
        return Path.Combine(Path.GetDirectoryName(full)!, "locks", $"{harmless}-{hash}.lock");
    }
}
