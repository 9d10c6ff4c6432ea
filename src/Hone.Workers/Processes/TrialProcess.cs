using System.Diagnostics;
using System.Text;

namespace Hone.Workers.Processes;

/// <summary>
/// A trial's program and all that it starts: a session and process group of its own, which begins behind a gate and is ended as a whole.
/// </summary>
/// <remarks>
/// The gate is a shell that waits for a line before it becomes the command. Until then the tuner writes the group down; if the tuner is
/// lost meanwhile, the shell reads the end of its input and goes. So there is no instant at which a command runs that nobody would end.
/// </remarks>
internal sealed class TrialProcess
{
    private const string Gate = "read -r go || exit 125; cd -- \"$2\" || exit 126; exec /bin/sh -c \"$1\" < /dev/null";
    private static readonly TimeSpan LongSince = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly byte[] _mark;
    private int _gate;

    private TrialProcess(int id, int gate, int output, int error, string mark, TimeProvider time)
    {
        Id = id;
        _gate = gate;
        Output = output;
        Error = error;
        _mark = Encoding.UTF8.GetBytes(mark);
        _time = time;
        _startedAt = time.GetTimestamp();
        Start = ProcessTable.StartOf(id) ?? throw new UnreachableException("A child that was not reaped is in the process table.");
    }

    /// <summary>The number of the process, its group and its session.</summary>
    public int Id { get; }

    /// <summary>When it started, in clock ticks since the machine did.</summary>
    public long Start { get; }

    /// <summary>The read end of its standard output.</summary>
    public int Output { get; }

    /// <summary>The read end of its standard error.</summary>
    public int Error { get; }

    /// <summary>Starts the gate.</summary>
    /// <returns>The process; or null, and the error number.</returns>
    /// <exception cref="IOException">Too many files are open.</exception>
    public static TrialProcess? TryStart(
        string command, string workingDirectory, ReadOnlySpan<string> environment, string mark, TimeProvider time, out int failure)
    {
        Span<int> pipes = stackalloc int[6];
        var opened = 0;
        try
        {
            for (; opened < pipes.Length; opened += 2)
            {
                (pipes[opened], pipes[opened + 1]) = Posix.Pipe();
            }
        }
        catch (IOException)
        {
            CloseAll(pipes[..opened]);
            throw;
        }

        failure = SessionSpawn.Start(
            "/bin/sh", ["sh", "-c", Gate, "hone-trial", command, workingDirectory], environment, pipes[0], pipes[3], pipes[5], out var id);
        if (failure != 0)
        {
            CloseAll(pipes);
            return null;
        }

        CloseAll([pipes[0], pipes[3], pipes[5]]);
        return new TrialProcess(id, pipes[1], pipes[2], pipes[4], mark, time);
    }

    /// <summary>Lets the command begin.</summary>
    public void OpenGate()
    {
        Posix.Write(_gate, "go\n"u8);
        CloseGate();
    }

    /// <summary>Without <see cref="OpenGate"/> before: the command never begins.</summary>
    public void CloseGate()
    {
        var gate = Interlocked.Exchange(ref _gate, -1);
        if (gate >= 0)
        {
            Posix.Close(gate);
        }
    }

    /// <summary>Signals the whole group. Only before <see cref="EndAllAsync"/>: until then the number is its own.</summary>
    public void Signal(int signal) => Posix.Signal(-Id, signal);

    /// <summary>Whether anything of the group but its ended leader lives.</summary>
    public bool HasMembers() => ProcessTable.HasLiving(Id);

    /// <summary>Kills what is left of the group, and what has left the group, and returns when none of it lives.</summary>
    public async Task EndAllAsync()
    {
        var pause = TimeSpan.FromMilliseconds(1);
        Signal(Posix.SignalKill);
        var strays = new List<int>();
        for (var found = ProcessTable.KillMarked(_mark, Earliest()); found.Count > 0; found = ProcessTable.KillMarked(_mark, Earliest()))
        {
            strays.AddRange(found);
            pause = await PauseAsync(pause);
        }

        // Our own children: the leader, and where orphans fall to us (as process 1 of a container) those too.
        strays.ForEach(Posix.Reap);
        Posix.Reap(-Id);
        while (Posix.GroupExists(Id) && ProcessTable.HasLiving(Id))
        {
            pause = await PauseAsync(pause);
            Posix.Reap(-Id);
        }

        Posix.Reap(-Id);
    }

    // Numbers rise, so what a young trial started has a later one than it, unless the numbers have begun again from below.
    private int? Earliest() => _time.GetElapsedTime(_startedAt) < LongSince && ProcessTable.LastProcessId() >= Id ? Id : null;

    private async Task<TimeSpan> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _time, CancellationToken.None);
        return pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    private static void CloseAll(ReadOnlySpan<int> files)
    {
        foreach (var file in files)
        {
            Posix.Close(file);
        }
    }
}
