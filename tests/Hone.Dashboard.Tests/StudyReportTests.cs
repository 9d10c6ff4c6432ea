using Hone.Analysis;

namespace Hone.Dashboard.Tests;

public sealed class StudyReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_thousand_trials_of_a_hundred_reports_of_six_metrics_stay_below_three_megabytes()
    {
        var bytes = Write(SampleStudy.Of(1000));

        Assert.InRange(bytes.Length, 500_000, 3_000_000 - 1);
    }

    [Fact]
    public void The_same_study_gives_the_same_bytes() => Assert.Equal(Write(SampleStudy.Of(40)), Write(SampleStudy.Of(40)));

    internal static byte[] Write(StudyRecord study)
    {
        using var output = new MemoryStream();
        StudyReport.Write(study, output, Now);
        return output.ToArray();
    }
}
