using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Remotes;

/// <summary>An object that is to be sent or got.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsLegacy">Whether it lies at DVC 2's place.</param>
/// <param name="Path">The file that messages name for it, below the repository's root.</param>
internal readonly record struct WantedObject(ObjectId Id, bool IsLegacy, string Path)
{
    /// <summary>Its key at a remote; its path below a cache's folder too.</summary>
    public string Key => KeyOf(Id, IsLegacy);

    /// <summary>The key of an object.</summary>
    public static string KeyOf(ObjectId id, bool isLegacy)
    {
        var name = id.ToString();
        return string.Concat(isLegacy ? "" : "files/md5/", name.AsSpan(0, 2), "/", name.AsSpan(2));
    }
}
