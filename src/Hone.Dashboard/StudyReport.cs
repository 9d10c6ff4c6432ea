using System.Net;
using System.Security.Cryptography;
using System.Text;
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
    private const string Marker = "{{";

    private static readonly Lazy<string> Template = new(() => Resource("report.html"));
    private static readonly Lazy<string> Style = new(() => Resource("report.css"));
    private static readonly Lazy<string> Script = new(() => Resource("report.js"));
    private static readonly Lazy<string> ScriptHash = new(
        () => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script.Value))));

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
        var rest = Template.Value.AsSpan();
        while (rest.IndexOf(Marker, StringComparison.Ordinal) is >= 0 and var at)
        {
            Put(output, rest[..at]);
            rest = rest[(at + Marker.Length)..];
            var end = rest.IndexOf("}}", StringComparison.Ordinal);
            Fill(output, rest[..end].ToString(), facts, now);
            rest = rest[(end + 2)..];
        }

        Put(output, rest);
        output.Flush();
    }

    private static void Fill(Stream output, string part, StudyFacts facts, DateTimeOffset now)
    {
        switch (part)
        {
            case "study":
                StudyJson.Write(facts, output);
                break;
            case "title":
                Put(output, WebUtility.HtmlEncode($"{facts.Study.Name} · Hone"));
                break;
            case "summary":
                Put(output, new SummaryHtml(facts).ToString());
                break;
            case "footer":
                Put(output, $"Written by Hone on {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Charts by Apache ECharts 6.");
                break;
            case "style":
                Put(output, Style.Value);
                break;
            case "hash":
                Put(output, ScriptHash.Value);
                break;
            case "script":
                Put(output, Script.Value);
                break;
            default:
                throw new InvalidOperationException($"The template has an unknown part '{part}'.");
        }
    }

    private static void Put(Stream output, ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        output.Write(bytes);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(StudyReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The build did not embed '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // The policy's hash is taken over the text as the browser sees it, with line feeds alone.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
