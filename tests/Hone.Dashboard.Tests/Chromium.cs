using System.Diagnostics;

namespace Hone.Dashboard.Tests;

/// <summary>The real browser, without a window.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Opens a file and returns its document after its scripts have run.</summary>
    public static Task<string> DumpAsync(string file) => RunAsync(
        "--dump-dom", "--virtual-time-budget=8000", "--window-size=1280,2400", new Uri(file).AbsoluteUri);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var profile = Directory.CreateTempSubdirectory("hone-chromium-");
        try
        {
            using var browser = Start(profile.FullName, arguments);
            using var limit = new CancellationTokenSource(Limit);
            var errors = browser.StandardError.ReadToEndAsync(limit.Token);
            var output = await browser.StandardOutput.ReadToEndAsync(limit.Token);
            await browser.WaitForExitAsync(limit.Token);
            return browser.ExitCode == 0 ? output : throw new InvalidOperationException($"chromium ended with {browser.ExitCode}: {await errors}");
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private static Process Start(string profile, string[] arguments)
    {
        string[] usual =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={profile}",
        ];
        var start = new ProcessStartInfo("chromium", [.. usual, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("These tests open the report in Chromium. Install it (Debian: apt install chromium) and put it on PATH.", missing);
        }
    }
}
