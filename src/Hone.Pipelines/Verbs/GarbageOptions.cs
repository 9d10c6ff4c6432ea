namespace Hone.Pipelines.Verbs;

/// <summary>Which objects count as used, and what happens to the others.</summary>
public sealed record GarbageOptions
{
    /// <summary>Whether what the records of Git's branches name is used too.</summary>
    public bool KeepsBranches { get; init; }

    /// <summary>Whether what the records of Git's tags name is used too.</summary>
    public bool KeepsTags { get; init; }

    /// <summary>Whether what the records of any commit name is used too.</summary>
    public bool KeepsCommits { get; init; }

    /// <summary>Whether lists of folders that are not in the cache are passed over; the files they name then do not count as used.</summary>
    public bool SkipsMissing { get; init; }

    /// <summary>Whether nothing is removed, only counted.</summary>
    public bool IsDry { get; init; }

    /// <summary>The remote to clean as well; null for none.</summary>
    public Remotes.IRemote? Remote { get; init; }
}
