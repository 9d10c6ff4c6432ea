namespace Hone.Pipelines.Tracking;

/// <summary>An output, or a part of one, that a command's argument names.</summary>
/// <param name="Output">The output.</param>
/// <param name="Part">The file or folder within it that is meant, below the root; null for all of it.</param>
public sealed record Target(TrackedOutput Output, string? Part)
{
    /// <summary>Whether a path below the root is meant.</summary>
    public bool Includes(string path) => Part is null || path == Part || path.StartsWith(Part + "/", StringComparison.Ordinal);
}
