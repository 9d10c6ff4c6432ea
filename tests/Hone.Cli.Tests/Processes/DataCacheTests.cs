using System.Diagnostics;
using System.Globalization;

namespace Hone.Cli.Tests.Processes;

/// <summary>What the cache of tables holds after a process was killed, and where there is no room: a whole file, or none.</summary>
public sealed class DataCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _cache;

    public DataCacheTests()
    {
        _cache = Path.Combine(_folder.Path, "cache");
        var lines = Enumerable.Range(0, 200_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 977},{i * 0.25},{i % 2}"));
        File.WriteAllLines(_folder.File("table.csv"), lines.Prepend("a,b,target"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_reader_leaves_nothing_that_the_next_one_uses_or_keeps()
    {
        using (var hone = Show(""))
        {
            // It may be done before it is seen: then there is a whole file, and all that follows holds as well.
            while (!hone.HasExited && Parts().Length == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }

            hone.Kill();
            await hone.WaitForExitAsync();
        }

        Assert.Equal(await SummaryAsync("export HONE_CACHE=other; "), await SummaryAsync(""));
        Assert.Empty(Parts());
        Assert.Single(Directory.GetFiles(Tables));
    }

    [Fact]
    public async Task A_reader_that_may_write_no_more_reads_the_table_all_the_same_and_keeps_nothing()
    {
        // 64 blocks of 512 bytes: the disk is full in the middle of the rows. The runtime would map code by way of a larger file.
        const string Full = "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 64; ";

        Assert.Equal(await SummaryAsync("export HONE_CACHE=other; "), await SummaryAsync(Full));

        Assert.False(Directory.Exists(Tables) && Directory.GetFiles(Tables).Length > 0);
    }

    private string Tables => Path.Combine(_cache, "tables");

    private string[] Parts() => Directory.Exists(Tables) ? Directory.GetFiles(Tables, "*.part") : [];

    private async Task<string> SummaryAsync(string before)
    {
        using var hone = Show(before);
        var output = await hone.StandardOutput.ReadToEndAsync();
        await hone.WaitForExitAsync();
        Assert.Equal(0, hone.ExitCode);
        Assert.StartsWith("table.csv: 200000 rows x 2 features", output, StringComparison.Ordinal);
        return output;
    }

    private Process Show(string before)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{before}exec \"$0\" data show table.csv", HoneProcess.Program])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };
        start.Environment["HONE_CACHE"] = _cache;
        return Process.Start(start)!;
    }
}
