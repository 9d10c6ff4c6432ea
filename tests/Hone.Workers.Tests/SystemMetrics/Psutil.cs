using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hone.Workers.Tests.SystemMetrics;

/// <summary>An independent reading of a process and its descendants, by Debian's python3-psutil.</summary>
internal sealed record Psutil(int Processes, int Threads, double MemoryMegabytes, double CpuSeconds, double ReadMegabytes, double WriteMegabytes)
{
    private const string Code = """
        import json, psutil, sys
        root = psutil.Process(int(sys.argv[1]))
        tree = [root] + root.children(recursive=True)
        memory = [p.memory_info() for p in tree]
        cpu = [p.cpu_times() for p in tree]
        traffic = [p.io_counters() for p in tree]
        print(json.dumps([len(tree), sum(p.num_threads() for p in tree), sum(m.rss - m.shared for m in memory) / 1e6,
            sum(c.user + c.system for c in cpu), sum(t.read_chars for t in traffic) / 1e6, sum(t.write_chars for t in traffic) / 1e6]))
        """;

    public static async Task<Psutil> ReadAsync(int process)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Code, process.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var python = Process.Start(start)!;
        var numbers = JsonSerializer.Deserialize<double[]>(await python.StandardOutput.ReadToEndAsync())!;
        await python.WaitForExitAsync();
        return new Psutil((int)numbers[0], (int)numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}
