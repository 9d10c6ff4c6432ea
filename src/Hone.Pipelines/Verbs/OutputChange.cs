namespace Hone.Pipelines.Verbs;

/// <summary>How an output differs from its record.</summary>
public enum OutputChange
{
    /// <summary>It holds what is recorded.</summary>
    None,

    /// <summary>It has no recorded content yet.</summary>
    New,

    /// <summary>It holds something else.</summary>
    Modified,

    /// <summary>It is not in the workspace.</summary>
    Deleted,

    /// <summary>The recorded content, or a part of it, is not in the cache.</summary>
    NotInCache,
}
