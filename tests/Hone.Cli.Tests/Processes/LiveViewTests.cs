using System.Diagnostics;
using System.Globalization;

namespace Hone.Cli.Tests.Processes;

/// <summary>The live view in a real terminal: tmux draws it, and says what stands on the screen.</summary>
public sealed class LiveViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _server = $"hone-{Guid.NewGuid():N}";

    public void Dispose()
    {
        Tmux("kill-server");
        _folder.Dispose();
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(40, 10)]
    public async Task Shows_running_trials_survives_a_resize_and_gives_the_cursor_back(int columns, int rows)
    {
        var file = _folder.Write("live.study.yaml", """
            study: live
            objective: { metric: loss }
            space: { x: { float: [0, 1] } }
            budget: { trials: 100 }
            workers: { local: 2 }
            train:
              command: 'for i in $(seq 1 1000); do echo "{{\"step\": $i, \"loss\": {x}}}"; sleep 0.05; done'
            """);
        Tmux("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}",
            $"TERM=screen-256color '{HoneProcess.Program}' tune '{file}' --store '{_folder.Store}' --no-report; echo ended with $?; read line");

        var screen = await ScreenAsync(text => text.Contains("2 running", StringComparison.Ordinal) && text.Contains('▄', StringComparison.Ordinal));
        Assert.StartsWith("live  minimize loss  ", screen, StringComparison.Ordinal);
        Assert.Equal("0", Tmux("display-message", "-p", "#{cursor_flag}").Trim());

        Tmux("resize-window", "-x", $"{columns - 7}", "-y", $"{rows - 1}");
        await ScreenAsync(text => text.Contains("2 running", StringComparison.Ordinal) && Count(text, "minimize loss") == 1);

        Tmux("send-keys", "C-c");
        await ScreenAsync(text => text.Contains("running trials may end", StringComparison.Ordinal));
        Tmux("send-keys", "C-c");
        screen = await ScreenAsync(text => text.Contains("ended with 130", StringComparison.Ordinal));
        Assert.Contains("trials    0 complete", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("minimize loss", screen, StringComparison.Ordinal);
        Assert.Equal("1", Tmux("display-message", "-p", "#{cursor_flag}").Trim());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<string> ScreenAsync(Func<string, bool> shows)
    {
        var screen = "";
        for (var attempt = 0; attempt < 400; attempt++)
        {
            screen = Tmux("capture-pane", "-p");
            if (shows(screen))
            {
                return screen;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"the screen never shows it:\n{screen}"));
        return screen;
    }

    private string Tmux(params string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", ["-L", _server, .. arguments]) { RedirectStandardOutput = true })!;
        var output = tmux.StandardOutput.ReadToEnd();
        tmux.WaitForExit();
        return output;
    }
}
