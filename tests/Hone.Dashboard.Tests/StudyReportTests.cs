using System.Text;
using System.Text.RegularExpressions;
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

    [Fact]
    public void The_page_asks_no_server_for_anything()
    {
        var html = Encoding.UTF8.GetString(Write(SampleStudy.Of(5)));
        var markup = Regex.Replace(html, "<script>.*?</script>", "", RegexOptions.Singleline);

        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|href|srcset|action)\s*=|@import|url\(|://""", markup);
    }

    [Fact]
    public void The_head_tells_the_result_without_a_script()
    {
        var html = Encoding.UTF8.GetString(Write(SampleStudy.Of(60)));

        Assert.Contains("<h1>diabetes-logistic</h1>", html, StringComparison.Ordinal);
        Assert.Contains("Best trial · 34", html, StringComparison.Ordinal);
        Assert.Contains("Stopping early saved about <b>84,500 steps</b>", html, StringComparison.Ordinal);
        Assert.Contains("An estimate: ", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_whose_complete_trials_violate_a_constraint_says_why_it_has_no_best()
    {
        var study = SampleStudy.Of(3);

        var html = Encoding.UTF8.GetString(Write(study with { Trials = [.. study.Trials.Select(t => t with { Violation = 1 })] }));

        Assert.Contains("No complete trial counts", html, StringComparison.Ordinal);
    }

    internal static byte[] Write(StudyRecord study)
    {
        using var output = new MemoryStream();
        StudyReport.Write(study, output, Now);
        return output.ToArray();
    }
}
