using System.Diagnostics;

namespace Hone.Cli.Tests.Processes;

/// <summary>A disk that is full and a cache that is read-only: both are told, nothing of the user's is touched, and nothing half-written stays.</summary>
public sealed class UnwritableCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UnwritableCacheTests()
    {
        Directory.CreateDirectory(_folder.File(".dvc/cache"));
        _folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        Directory.CreateDirectory(_folder.File("data"));
        for (var i = 0; i < 40; i++)
        {
            _folder.Write($"data/f{i}", new string((char)('a' + (i % 26)), 20_000 + i));
        }

        _folder.Write("large", new string('x', 3_000_000));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data")]
    [InlineData("large")]
    public async Task A_full_disk_is_told_and_the_same_command_goes_on_when_there_is_room(string target)
    {
        // A small disk in a world of its own; where that may not be made, a limit on how large files may grow.
        var (exitCode, errors, left) = await AddAsync(
            "mount -t tmpfs -o size=400k tmpfs .dvc/cache", "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 16", target);

        Assert.Equal(1, exitCode);
        Assert.Matches(@"^hone: cannot write '.*': (no space is left on the disk; free some and run the command again|File too large)$", errors.Trim());
        Assert.Equal("", left.Trim());
        Assert.False(File.Exists(_folder.File(target + ".dvc")));
        Assert.Equal((0, ""), await HoneAsync("add", target));
        Assert.Equal(3_000_000, new FileInfo(_folder.File("large")).Length);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_told()
    {
        var (exitCode, errors, _) = await AddAsync("mount -t tmpfs -o ro tmpfs .dvc/cache", "touch .dvc/cache/files", "data");

        Assert.Equal(1, exitCode);
        Assert.Matches(@"^hone: cannot make the folder '.*/\.dvc/cache/files.*': (the file system is read-only|Not a directory|File exists)$", errors.Trim());
        Assert.False(File.Exists(_folder.File("data.dvc")));
    }

    private async Task<(int ExitCode, string Errors)> HoneAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, arguments);
        return (exitCode, errors);
    }

    // Also what temporary files are left in the cache while its disk is still there.
    private async Task<(int ExitCode, string Errors, string Left)> AddAsync(string own, string otherwise, string target)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"""
            if unshare -m true 2>/dev/null; then exec unshare -m /bin/sh -c '{own}; "$0" add "$1"; code=$?; find .dvc/cache -name ".hone-*"; exit $code' "$0" "$1"; fi
            ({otherwise}; exec "$0" add "$1"); code=$?; find .dvc/cache -name ".hone-*"; exit $code
            """, HoneProcess.Program, target])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors, await output);
    }
}
