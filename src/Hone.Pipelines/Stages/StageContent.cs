using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>What lies at a path: its hash and what is recorded beside it.</summary>
/// <param name="Id">The md5; of a folder, that of its manifest with <c>.dir</c> after it.</param>
/// <param name="Size">In bytes; of a folder, the sum.</param>
/// <param name="Files">How many files a folder holds; null for a file.</param>
/// <param name="IsExecutable">Whether it is a file that may be executed.</param>
public sealed record StageContent(string Id, long Size, long? Files, bool IsExecutable)
{
    /// <summary>The content as a lock file records it.</summary>
    public LockedPath Record(string written) => new(written, Id, Size, Files, IsExecutable);
}

/// <summary>A change of a stage's parameters or paths, in DVC's words.</summary>
internal static class ChangeWord
{
    public static readonly TextValue Modified = new("modified");
    public static readonly TextValue Deleted = new("deleted");
    public static readonly TextValue New = new("new");
    public static readonly TextValue NotInCache = new("not in cache");
}
