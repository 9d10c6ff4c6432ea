namespace Hone.Pipelines.Verbs;

/// <summary>How files and folders are put under version control.</summary>
public sealed record AddOptions
{
    /// <summary>Whether contents are only recorded, not kept in the cache.</summary>
    public bool SkipsCache { get; init; }

    /// <summary>Whether targets are patterns with <c>*</c>, <c>?</c>, <c>[a-z]</c> and <c>**</c>.</summary>
    public bool IsGlob { get; init; }

    /// <summary>A text to keep with new records; null for none.</summary>
    public string? Description { get; init; }
}
