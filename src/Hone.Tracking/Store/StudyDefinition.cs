using System.Globalization;
using System.Text.Json;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>What of a study is stored to recognise it by, and to read its trials without its file.</summary>
internal sealed record StudyDefinition
{
    public required IReadOnlyList<string> Space { get; init; }

    public required IReadOnlyList<Objective> Objectives { get; init; }

    /// <summary>May change from session to session: they judge a trial when it ends.</summary>
    public IReadOnlyList<Comparison> Constraints { get; init; } = [];

    /// <summary>Of the last session.</summary>
    public StudyOrigin? Origin { get; init; }

    /// <summary>Whether a session before had other stopping rules.</summary>
    public bool RulesChanged { get; init; }

    public static StudyDefinition Of(Study study) => new()
    {
        Space = study.Space.Describe(),
        Objectives = study.Objectives,
        Constraints = study.Constraints,
        Origin = study.Origin,
    };

    /// <summary>This one as the definition of a study that goes on.</summary>
    public StudyDefinition After(StudyDefinition stored) =>
        this with { RulesChanged = stored.RulesChanged || stored.Origin?.Stop != Origin?.Stop };

    public static StudyDefinition Parse(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.StudyDefinition)!;

    public string ToJson() => JsonSerializer.Serialize(this, StoreJson.Default.StudyDefinition);

    /// <summary>The lines that differ, the stored ones after a minus and the given ones after a plus; empty if both are one study.</summary>
    public IReadOnlyList<string> DifferenceTo(StudyDefinition given)
    {
        var before = Lines();
        var after = given.Lines();
        if (before.SequenceEqual(after))
        {
            return [];
        }

        var gone = before.Except(after).Select(line => $"- {line}");
        var come = after.Except(before).Select(line => $"+ {line}");
        List<string> lines = [.. gone, .. come];

        // The order of the parameters matters to samplers, that of the objectives to the result.
        return lines.Count > 0 ? lines : ["- " + string.Join("; ", before), "+ " + string.Join("; ", after)];
    }

    private List<string> Lines() => [.. Objectives.Select(Line), .. Space];

    private static string Line(Objective objective) => string.Create(
        CultureInfo.InvariantCulture,
        $"objective {objective.Metric}: {Lower(objective.Goal)}, {Lower(objective.Take)} value");

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
