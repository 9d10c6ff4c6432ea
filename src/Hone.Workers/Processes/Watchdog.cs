using System.Globalization;
using System.Text;

namespace Hone.Workers.Processes;

/// <summary>
/// A tiny shell beside the tuner that ends its trials when the tuner is gone, by whatever means: only the tuner holds the other end of its
/// input, and the kernel closes that with it.
/// </summary>
/// <remarks>
/// It is told of each group before the group's command starts. It has a session of its own, so that a Ctrl-C or the end of a terminal does
/// not reach it. If somebody kills it, the next trial starts another. Thread-safe.
/// </remarks>
internal sealed class Watchdog : IAsyncDisposable
{
    // Groups are id:start; start is field 22 of stat, the 20th after the name. A group whose leader is a zombie or gone keeps its number
    // as long as it has members; a leader with another start is a stranger. The marks come as an argument, not in the environment, where
    // the search would find the searcher.
    private const string Script =
        """
        trap '' HUP INT TERM
        marks=$1
        groups=' '
        while read -r what group; do
            case $what in
                +) groups="$groups$group " ;;
                -) case $groups in *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;; esac ;;
                q) exit 0 ;;
            esac
        done
        for group in $groups; do
            id=${group%:*}
            if read -r stat < "/proc/$id/stat"; then
                set -- ${stat##*) }
                [ "${20}" = "${group#*:}" ] || continue
            fi
            kill -s KILL -- "-$id"
        done
        round=0
        while [ "$round" -lt 100 ]; do
            left=$(grep -l -F -e "$marks" /proc/[0-9]*/environ)
            [ -n "$left" ] || break
            for file in $left; do
                id=${file#/proc/}
                kill -s KILL "${id%/environ}"
            done
            round=$((round + 1))
        done
        """;

    private readonly Lock _lock = new();
    private readonly HashSet<(int Group, long Start)> _groups = [];
    private readonly ChildExits _exits;
    private readonly string _marks;
    private int _processId;
    private int _input = -1;
    private Task<ExitStatus> _ended = Task.FromResult(ExitStatus.Unknown);

    /// <param name="marks">What the environments of all the pool's trials hold.</param>
    /// <param name="exits">Where children's ends are seen.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    public Watchdog(string marks, ChildExits exits)
    {
        _marks = marks;
        _exits = exits;
        Start();
    }

    public int ProcessId
    {
        get
        {
            lock (_lock)
            {
                return _processId;
            }
        }
    }

    /// <exception cref="IOException">The watchdog was gone and another could not be started.</exception>
    public void Add(int group, long start)
    {
        lock (_lock)
        {
            _groups.Add((group, start));
            if (!Tell('+', group, start))
            {
                Restart();
            }
        }
    }

    public void Remove(int group, long start)
    {
        lock (_lock)
        {
            if (_groups.Remove((group, start)))
            {
                Tell('-', group, start);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        int processId;
        Task ended;
        lock (_lock)
        {
            _groups.Clear();
            Posix.Write(_input, "q\n"u8);
            Posix.Close(_input);
            _input = -1;
            (processId, ended) = (_processId, _ended);
        }

        try
        {
            await ended.WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            Posix.Signal(processId, Posix.SignalKill);
            await ended;
        }

        Posix.Reap(processId);
    }

    private bool Tell(char what, int group, long start) =>
        Posix.Write(_input, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {group}:{start}\n")));

    private void Restart()
    {
        // Its input is closed only after it is dead: it must not take the closing for the tuner's end.
        Posix.Signal(_processId, Posix.SignalKill);
        Posix.Close(_input);
        _ = ReapAsync(_processId, _ended);
        Start();
        foreach (var (group, start) in _groups)
        {
            Tell('+', group, start);
        }
    }

    private static async Task ReapAsync(int processId, Task ended)
    {
        await ended;
        Posix.Reap(processId);
    }

    private void Start()
    {
        var (read, write) = Posix.Pipe();
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var sink = (int)nothing.DangerousGetHandle();
        var path = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        var failure = SessionSpawn.Start(
            "/bin/sh", ["sh", "-c", Script, "hone-watchdog", _marks], [$"PATH={path}"], read, sink, sink, out _processId);
        Posix.Close(read);
        if (failure != 0)
        {
            Posix.Close(write);
            throw Posix.Error("Starting the watchdog", failure);
        }

        Posix.DoNotBlock(write);
        _input = write;
        _ended = _exits.WhenExitedAsync(_processId);
    }
}
