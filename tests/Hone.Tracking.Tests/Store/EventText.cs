using System.Globalization;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

/// <summary>Events as lines, equal for equal events, so that a difference can be read.</summary>
internal static class EventText
{
    public static string Of(StudyEvent entry) => entry switch
    {
        TrialProposed e => $"{At(e.At)} proposed {e.Trial} {e.Configuration}",
        TrialReported e => $"{At(e.At)} reported {e.Trial}/{e.Attempt} step {e.Step} after {e.SinceStart.Ticks}: "
            + string.Join(", ", e.Values.Select(v => $"{v.Metric}={Number(v.Value)}")),
        TrialEnded e => $"{At(e.At)} ended {e.Trial} {e.State} '{e.Reason}' [{string.Join(", ", e.Values.Select(Number))}] "
            + $"{Number(e.Violation)} {e.Wall.Ticks}",
        _ => entry.ToString()!,
    };

    public static List<string> Of(IEnumerable<StudyEvent> events) => [.. events.Select(Of)];

    public static async Task<List<string>> OfAsync(IStudyJournal journal)
    {
        var lines = new List<string>();
        await foreach (var entry in journal.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(Of(entry));
        }

        return lines;
    }

    private static string At(DateTimeOffset at) => at.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
