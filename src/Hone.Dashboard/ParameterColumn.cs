using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Analysis;
using Hone.Space;

namespace Hone.Dashboard;

/// <summary>One parameter over all trials: how its axis is drawn.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Description">Its values in words as the space has them; empty if the space does not list it.</param>
/// <param name="IsLog">Whether the axis is logarithmic.</param>
/// <param name="Low">Lower end of a numeric axis; null: as the values have it.</param>
/// <param name="High">Upper end.</param>
/// <param name="Categories">The values in the order of a categorical axis; null for a numeric one.</param>
internal sealed partial record ParameterColumn(
    string Name, string Description, bool IsLog, double? Low, double? High, IReadOnlyList<string>? Categories)
{
    /// <summary>The space's parameters in its order, then those that only trials have.</summary>
    public static IReadOnlyList<ParameterColumn> Of(StudyRecord study)
    {
        var values = new Dictionary<string, HashSet<ParameterValue>>(StringComparer.Ordinal);
        foreach (var (name, value) in study.Trials.SelectMany(t => t.Parameters))
        {
            if (!values.TryGetValue(name, out var seen))
            {
                values.Add(name, seen = []);
            }

            seen.Add(value);
        }

        var described = study.Space.Select(line => Line().Match(line)).Where(m => m.Success).ToList();
        var names = described.Select(m => m.Groups["name"].Value).Concat(values.Keys).Distinct(StringComparer.Ordinal);
        return [.. names.Select(n => Column(
            n, described.Find(m => m.Groups["name"].Value == n), values.TryGetValue(n, out var seen) ? seen : []))];
    }

    private static ParameterColumn Column(string name, Match? line, HashSet<ParameterValue> values)
    {
        var description = line?.Groups["text"].Value ?? "";
        var numeric = Numeric().Match(description);
        var isNumeric = (line is null || numeric.Success) && values.All(v => v.Kind is ValueKind.Float or ValueKind.Integer);
        if (!isNumeric)
        {
            return new ParameterColumn(name, description, false, null, null, Ordered(values, description));
        }

        var isLog = numeric.Groups["log"].Success && values.All(v => v.Number > 0);
        return new ParameterColumn(name, description, isLog, Number(numeric.Groups["low"]), Number(numeric.Groups["high"]), null);
    }

    // A space's listed values stand in its line in their order; a text may hold the separator, so the line is searched, not split.
    private static List<string> Ordered(HashSet<ParameterValue> values, string description) => [.. values
        .OrderBy(v => v.Kind is ValueKind.Float or ValueKind.Integer ? v.Number : double.PositiveInfinity)
        .ThenBy(v => description.IndexOf(v.ToString(), StringComparison.Ordinal))
        .ThenBy(v => v.ToString(), StringComparer.Ordinal)
        .Select(v => v.ToString())
        .Distinct(StringComparer.Ordinal)];

    private static double? Number(Group group) =>
        group.Success && double.TryParse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?<name>[^:\s]+): (?<text>.*)$", RegexOptions.Singleline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^(float|int) \[(?<low>[^,\]]+), (?<high>[^\]]+)\](?<log> log)?")]
    private static partial Regex Numeric();
}
