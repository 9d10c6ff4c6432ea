using Hone.Cli.Commands;

namespace Hone.Cli.Tests.Commands;

public sealed class WorkProgressTests
{
    [Fact]
    public void Long_work_is_told_every_two_seconds_and_short_work_not_at_all()
    {
        var time = new SteppedTime();
        using var output = new StringWriter();
        var progress = new WorkProgress(output, time, 5, "metrics analysed");

        foreach (var seconds in (ReadOnlySpan<int>)[1, 2, 1, 1, 3])
        {
            time.Seconds += seconds;
            progress.Advance();
        }

        Assert.Equal("2 of 5 metrics analysed\n4 of 5 metrics analysed\n", output.ToString().ReplaceLineEndings("\n"));
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
