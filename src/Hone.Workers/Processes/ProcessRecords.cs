using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hone.Workers.Processes;

/// <summary>
/// Writes down which process groups run, so that a later start can end what a lost tuner and its lost watchdog left behind.
/// </summary>
/// <remarks>
/// One small file a slot, in <c>running/</c> of the study's directory: the machine's start, the group, its start, and its mark. A number that
/// a stranger has taken meanwhile is recognised by these and left alone. The files are written again and again, since making and deleting one
/// for each trial costs a millisecond on ext4, which is slow to use deleted ones' places again.
/// </remarks>
internal sealed class ProcessRecords : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly SafeFileHandle[] _slots;
    private readonly string _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Ends what earlier tuners left running here, and begins new records.</summary>
    /// <exception cref="WorkerPoolException">Another tuner runs trials in this directory.</exception>
    public ProcessRecords(string studyDirectory, int slots)
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

        EndLeftovers();
        _slots = [.. Enumerable.Range(0, slots).Select(Open)];
    }

    /// <summary>Writes down the group that runs on a slot.</summary>
    public void Add(int slot, int group, long start, string mark)
    {
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_boot} {group} {start} {mark}\n"));
        RandomAccess.Write(_slots[slot], text, 0);
        RandomAccess.SetLength(_slots[slot], text.Length);
    }

    /// <summary>Nothing of the slot's group lives.</summary>
    public void Remove(int slot) => RandomAccess.SetLength(_slots[slot], 0);

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _lock.Dispose();
    }

    private void EndLeftovers()
    {
        foreach (var path in Directory.EnumerateFiles(_directory, "slot-*"))
        {
            var words = File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries);
            if (words.Length == 4 && words[0] == _boot && words[3].Length > 0
                && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                End(group, words[2], words[3]);
            }

            File.Delete(path);
        }
    }

    private SafeFileHandle Open(int slot) => File.OpenHandle(
        Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"slot-{slot}")), FileMode.Create, FileAccess.Write);

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
}
