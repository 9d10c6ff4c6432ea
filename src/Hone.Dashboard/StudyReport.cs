using Hone.Analysis;

namespace Hone.Dashboard;

/// <summary>The report of a study: one HTML file with its charts, that opens offline and asks no server for anything.</summary>
/// <remarks>
/// The bytes depend on the arguments alone. All text of the study is escaped, and a content security policy lets no script run but the
/// report's own. Learning curves are thinned to some 120,000 points in all (see <see cref="CurveThinning"/>), so that a thousand trials
/// stay below 3 MB. Thread-safe.
/// </remarks>
public static class StudyReport
{
    private static readonly PageTemplate Page = new("report.html", "report.js");

    /// <summary>Writes the report.</summary>
    /// <param name="study">The study, its trials with their histories; without them the learning curves are missing.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When the report is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(StudyRecord study, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(output);
        var facts = new StudyFacts(study);
        Page.Write(output, facts.Study.Name, now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => StudyJson.Write(facts, stream),
            ["summary"] = stream => PageTemplate.Put(stream, new SummaryHtml(facts).ToString()),
        });
    }
}
