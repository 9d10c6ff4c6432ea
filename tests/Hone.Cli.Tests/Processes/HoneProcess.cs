using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Hone.Cli.Tests.Processes;

/// <summary>The real program in a process of its own, its standard error read line by line.</summary>
internal sealed partial class HoneProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly StringBuilder _output = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Task _reading;

    private HoneProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadErrorsAsync(), ReadOutputAsync());
    }

    public int Id => _process.Id;

    public IReadOnlyCollection<string> Errors => _errors;

    public static string Program => typeof(HoneProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Program").Value!;

    public static HoneProcess Start(string folder, params string[] arguments)
    {
        // A test run in the background of a script ignores interrupts, and what it starts would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return new HoneProcess(Process.Start(start)!);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params string[] arguments)
    {
        await using var hone = Start(folder, arguments);
        var exitCode = await hone.EndAsync();
        return (exitCode, hone._output.ToString(), string.Join('\n', hone._errors));
    }

    /// <summary>Waits until standard error has had a line with a text (at once for none); false if the program ended before.</summary>
    public async Task<bool> SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (text.Length > 0 && !_errors.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (_reading.IsCompleted)
            {
                return false;
            }

            // The end of standard error comes before that of all reading: news alone would be waited for in vain.
            var news = _news.WaitAsync(limit.Token);
            if (await Task.WhenAny(_reading, news) == news)
            {
                await news;
            }
        }

        return true;
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public void KillAtOnce() => Signal(9);

    /// <summary>Kills it, unless it is done already.</summary>
    public void KillIfItRuns() => _process.Kill();

    /// <summary>Waits for the end, and for all that was written.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        await _reading.WaitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _news.Dispose();
    }

    /// <summary>The processes whose environment holds a text: trials carry the name of their study in it.</summary>
    public static IReadOnlyList<int> WithEnvironment(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId && Holds(folder, wanted))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Waits until no process carries a text in its environment; the numbers of those that are left after some seconds.</summary>
    public static async Task<IReadOnlyList<int>> OrphansAsync(string text)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (WithEnvironment(text).Count == 0)
            {
                return [];
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return WithEnvironment(text);
    }

    private static bool Holds(string folder, byte[] wanted)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) >= 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.Enqueue(line);
            _news.Release();
        }

        _news.Release();
    }

    private async Task ReadOutputAsync() => _output.Append(await _process.StandardOutput.ReadToEndAsync());

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
