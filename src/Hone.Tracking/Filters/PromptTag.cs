namespace Hone.Tracking.Filters;

/// <summary>Newer clients keep prompts among registered models, marked by a tag, and find them only where they ask for the tag.</summary>
internal static class PromptTag
{
    private const string Key = "mlflow.prompt.is_prompt";

    /// <summary>SQL that holds for a model <c>m</c> that is no prompt.</summary>
    public const string IsAbsent =
        $"NOT EXISTS (SELECT 1 FROM registered_model_tags p WHERE p.model = m.model AND p.key = '{Key}' AND p.value = 'true')";

    /// <summary>Whether a condition is about the mark.</summary>
    public static bool IsAskedBy(Condition condition) => condition.Subject is { Kind: "tag", Key: Key };

    /// <summary>Whether a condition holds for what is no prompt, marked as such or not at all.</summary>
    public static bool IsNegation(Condition condition) =>
        IsAskedBy(condition)
        && (condition is { Comparator: Comparator.NotEqual, Values: [{ Text: "true" }] } or { Comparator: Comparator.Equal, Values: [{ Text: "false" }] });
}
