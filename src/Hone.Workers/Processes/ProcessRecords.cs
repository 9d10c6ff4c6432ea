using System.Globalization;
using System.Text;

namespace Hone.Workers.Processes;

/// <summary>
/// Writes down which process groups run, so that a later start can end what a lost tuner and its lost watchdog left behind.
/// </summary>
/// <remarks>
/// One small file a group, in <c>running/</c> of the study's directory: when the machine started, when the process did, and its mark. A
/// number that a stranger has taken meanwhile is recognised by these and left alone.
/// </remarks>
internal sealed class ProcessRecords : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly string _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <exception cref="WorkerPoolException">Another tuner runs trials in this directory.</exception>
    public ProcessRecords(string studyDirectory)
    {
        _directory = Path.Combine(studyDirectory, "running");
        Directory.CreateDirectory(_directory);
        try
        {
            // The kernel gives it up with this process, however that ends. No child inherits it.
            _lock = new FileStream(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new WorkerPoolException(
                $"Trials already run in '{studyDirectory}'. Wait for that tuner to end, or take another directory.", e);
        }
    }

    public void Add(int group, long start, string mark) =>
        File.WriteAllText(PathOf(group), string.Create(CultureInfo.InvariantCulture, $"{_boot} {start} {mark}\n"));

    public void Remove(int group) => File.Delete(PathOf(group));

    /// <summary>Ends what earlier tuners left running here.</summary>
    public void EndLeftovers()
    {
        foreach (var path in Directory.EnumerateFiles(_directory))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                var words = File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries);
                if (words.Length == 3 && words[0] == _boot && words[2].Length > 0)
                {
                    End(group, words[1], words[2]);
                }

                File.Delete(path);
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void End(int group, string start, string mark)
    {
        if (ProcessTable.StartOf(group)?.ToString(CultureInfo.InvariantCulture) == start)
        {
            Posix.Signal(-group, Posix.SignalKill);
        }

        // Those whose leader has ended, and those that left the group. Each round sees what was started during the last.
        var text = Encoding.UTF8.GetBytes(mark);
        for (var round = 0; round < 100 && ProcessTable.KillMarked(text, after: null).Count > 0; round++)
        {
        }
    }

    private string PathOf(int group) => Path.Combine(_directory, group.ToString(CultureInfo.InvariantCulture));
}
