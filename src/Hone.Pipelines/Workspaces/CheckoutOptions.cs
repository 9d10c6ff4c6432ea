namespace Hone.Pipelines.Workspaces;

/// <summary>How outputs are put into the workspace.</summary>
public sealed record CheckoutOptions
{
    /// <summary>Whether changes that are nowhere else may be overwritten.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether files that are right already are made anew, as after a change of <c>cache.type</c>.</summary>
    public bool IsRelinking { get; init; }

    /// <summary>Whether files of a folder whose objects are missing are left out, rather than the folder being refused.</summary>
    public bool AllowsMissing { get; init; }

    /// <summary>Which files to put there, by their paths below the root; null for all. What is not named stays as it is.</summary>
    public Func<string, bool>? Wanted { get; init; }
}
