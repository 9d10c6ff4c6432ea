using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Objects;

/// <summary>How objects are kept and handed out.</summary>
/// <param name="Links">The ways to try, in this order.</param>
/// <param name="IsShared">Whether the users of a group share the cache: folders are then open to the group.</param>
public sealed record CacheOptions(IReadOnlyList<LinkType> Links, bool IsShared)
{
    /// <summary>What DVC does where nothing is set: reflink, else copy.</summary>
    public static CacheOptions Default { get; } = new([LinkType.Reflink, LinkType.Copy], IsShared: false);

    /// <summary>The options of a configuration: <c>cache.type</c> and <c>cache.shared</c>.</summary>
    /// <exception cref="PipelineException">One has a value that there is not.</exception>
    public static CacheOptions From(Config config)
    {
        var links = config.Get("cache", "type")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Link).ToArray();
        return new CacheOptions(links is { Length: > 0 } ? links : Default.Links, config.Get("cache", "shared") == "group");
    }

    private static LinkType Link(string word) => word.ToLowerInvariant() switch
    {
        "reflink" => LinkType.Reflink,
        "hardlink" => LinkType.Hardlink,
        "symlink" => LinkType.Symlink,
        "copy" => LinkType.Copy,
        _ => throw new PipelineException($"cache.type: '{word}' is no way to link; expected reflink, hardlink, symlink or copy", PipelineFault.WrongInput),
    };
}
