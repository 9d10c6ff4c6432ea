using Hone.Tracking.Store;

namespace Hone.Tracking.Artifacts;

/// <summary>Opens the place of files that a user names.</summary>
internal static class ArtifactAddress
{
    private const string S3Scheme = "s3://";

    /// <summary>The files of an address.</summary>
    /// <param name="address">A folder, or <c>s3://BUCKET/PREFIX</c>; null: the folder <c>artifacts</c> beside the store.</param>
    /// <param name="store">The store's file.</param>
    /// <param name="s3">How S3 is reached.</param>
    /// <exception cref="StudyStoreException">The address is of no known kind, or lacks something.</exception>
    public static IArtifactStore Open(string? address, string store, S3Options s3)
    {
        if (address is null)
        {
            return new ArtifactFolder(ArtifactFolder.Beside(StudyStore.LocalPath(store)));
        }

        if (address.StartsWith(S3Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var parts = address[S3Scheme.Length..].Split('/', 2);
            return parts[0].Length > 0
                ? S3ArtifactStore.Open(parts[0], parts.Length == 2 ? parts[1].Trim('/') : "", s3)
                : throw new StudyStoreException($"--artifacts {address}: the bucket is missing; expected s3://BUCKET or s3://BUCKET/PREFIX.");
        }

        return address.Length > 0 && !address.Contains("://", StringComparison.Ordinal)
            ? new ArtifactFolder(address)
            : throw new StudyStoreException($"--artifacts {address}: expected a folder, or s3://BUCKET/PREFIX.");
    }
}
