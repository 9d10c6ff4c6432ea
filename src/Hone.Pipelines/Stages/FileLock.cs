using System.Globalization;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Stages;

/// <summary>A lock that the system takes back when its process ends, however it ends. Held until it is disposed of.</summary>
/// <remarks>A file beside it holds the number of the process that has it, and of what that one started, for others to tell their users.</remarks>
internal sealed class FileLock : IDisposable
{
    private readonly int _file;
    private readonly string _path;

    private FileLock(int file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Takes a lock; null if another holds it.</summary>
    /// <exception cref="PipelineException">The file cannot be opened.</exception>
    public static FileLock? Try(string path)
    {
        SafeFile.MakeFolders(Path.GetDirectoryName(path)!);
        var file = Posix.OpenOrCreate(path);
        if (file < 0)
        {
            throw Posix.Failure("lock", path);
        }

        if (Posix.TryLock(file))
        {
            return new FileLock(file, path);
        }

        Posix.Close(file);
        return null;
    }

    /// <summary>Takes a lock, however long that takes.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="waits">Told once, if another has it, with the number of its process; 0 if that is not known.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public static async Task<FileLock> WaitAsync(string path, Action<int> waits, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Try(path) is { } held)
            {
                return held;
            }

            if (attempt == 0)
            {
                waits(Owner(path));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(250, 10 << Math.Min(attempt, 5))), time, cancellationToken);
        }
    }

    /// <summary>The process that the lock's last holder had started and that it left behind, if it still runs; 0 otherwise.</summary>
    public static int Orphan(string path)
    {
        var words = (SafeFile.ReadText(NoteOf(path)) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && StartOf(process) == words[2]
            ? process
            : 0;
    }

    /// <summary>Says whose the lock is. Not at once when it is taken: what a killed holder noted must be read first.</summary>
    public void Sign() => Write("");

    /// <summary>Notes a process that was started under this lock, so that its successor can know of it.</summary>
    public void Note(int process) => Write($" {process.ToString(CultureInfo.InvariantCulture)} {StartOf(process)}");

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(NoteOf(_path));
        Posix.Close(_file);
    }

    private static int Owner(string path) => (SafeFile.ReadText(NoteOf(path)) ?? "").Split(' ') is [var first, ..]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;

    // The moment of its start tells a process from a later one of the same number. It is the 22nd word; the second is in brackets and may hold blanks.
    private static string StartOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return words[0] == "Z" ? "gone" : words[19];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "gone";
        }
    }

    private static string NoteOf(string path) => path + ".note";

    private void Write(string rest) =>
        SafeFile.WriteText(NoteOf(_path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + rest);
}
