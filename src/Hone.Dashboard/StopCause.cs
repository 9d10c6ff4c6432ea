using System.Text.RegularExpressions;

namespace Hone.Dashboard;

/// <summary>The rule behind a trial's reason: what stops are counted by.</summary>
/// <remarks>
/// A stored trial keeps the reason in words but not the rule's name, so the name is recognised from the words of Hone's own rules.
/// Any other reason counts under its own words with every number left out.
/// </remarks>
internal static partial class StopCause
{
    /// <summary>Name of the rule, e.g. <c>median(validation_loss)</c>; <c>unknown</c> for an empty reason.</summary>
    public static string Of(string reason)
    {
        if (reason.Length == 0)
        {
            return "unknown";
        }

        var match = Known().Match(reason);
        if (!match.Success)
        {
            return Numbers().Replace(reason, "…");
        }

        var form = match.Groups.Cast<Group>().First(g => g.Success && !char.IsAsciiDigit(g.Name[0]) && g.Name is not ("m" or "p" or "w"));
        var metric = match.Groups["m"].Value;
        return form.Name switch
        {
            "percentile" => $"percentile {match.Groups["p"].Value}({metric})",
            "when" => $"when {match.Groups["w"].Value}",
            "deadline" => "deadline",
            "budget" => $"budget: {match.Groups["w"].Value}",
            "gl" or "pq" or "up" => $"prechelt {form.Name}({metric})",
            var name => $"{name}({metric})",
        };
    }

    [GeneratedRegex(
        """
        ^(?:(?<median>best\ (?<m>\S+)\ \S+\ is\ worse\ than\ the\ median\ .*)
        |(?<percentile>best\ (?<m>\S+)\ \S+\ is\ worse\ than\ the\ best\ (?<p>\S+)\ %.*)
        |(?<asha>(?<m>\S+)\ \S+\ ranks\ \d+\ of\ .*)
        |(?<when>\S+\ is\ \S+\ at\ step\ \d+:\ (?<w>.*?)(?:,\ \d+\ of\ the\ last\ .*)?)
        |(?<deadline>ran\ for\ .*deadline.*)
        |(?<patience>(?<m>\S+)\ has\ not\ improved\ on\ .*)
        |(?<gl>(?<m>\S+)\ \S+\ at\ step\ \d+\ is\ \S+\ %\ above\ its\ best\ .*)
        |(?<pq>(?<m>\S+)\ rises\ faster\ than\ .*)
        |(?<pq>training\ has\ ended:\ (?<m>\S+)\ .*)
        |(?<up>(?<m>\S+)\ rose\ in\ \d+\ successive\ .*)
        |(?<budget>budget:\ (?<w>\w+).*))$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex Known();

    [GeneratedRegex(@"(?<![\w/])[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?")]
    private static partial Regex Numbers();
}
