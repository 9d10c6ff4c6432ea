using System.Diagnostics;
using System.Globalization;

namespace Hone.Workers.Tests.SystemMetrics;

/// <summary>
/// A Python program that leads its own session, as a trial does. It goes on when it is told to: its function <c>say(…)</c> prints a line and
/// <c>wait()</c> waits for one.
/// </summary>
internal sealed class PythonProgram : IDisposable
{
    private const string Prelude = """
        import ctypes, hashlib, json, os, resource, signal, subprocess, sys, tempfile, threading, time
        def say(*words): print(*words, flush=True)
        def wait(): sys.stdin.readline()
        def burn(seconds):
            end = time.thread_time() + seconds
            while time.thread_time() < end: hashlib.sha256(bytes(20000)).digest()

        """;

    private readonly Process _process;

    private PythonProgram(Process process) => _process = process;

    public int Id => _process.Id;

    public static PythonProgram Start(string code)
    {
        // Debian's own interpreter, because that one has psutil.
        var start = new ProcessStartInfo("setsid", ["/usr/bin/python3", "-c", Prelude + code])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new PythonProgram(Process.Start(start)!);
    }

    /// <summary>Starts a program and waits until it says something.</summary>
    public static async Task<PythonProgram> StartReadyAsync(string code)
    {
        var program = Start(code);
        await program.HearAsync();
        return program;
    }

    /// <summary>The next line that the program prints.</summary>
    public async Task<string> HearAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the program has ended");

    public async Task<double> HearNumberAsync() => double.Parse(await HearAsync(), CultureInfo.InvariantCulture);

    /// <summary>Lets the program go on, and returns the next line it prints.</summary>
    public async Task<string> GoOnAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return await HearAsync();
    }

    public async Task<double> GoOnForNumberAsync() => double.Parse(await GoOnAsync(), CultureInfo.InvariantCulture);

    /// <summary>Kills the first process and waits for it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -KILL -{Id} 2>&-")]);
        kill.WaitForExit();
        _process.WaitForExit();
        _process.Dispose();
    }
}
