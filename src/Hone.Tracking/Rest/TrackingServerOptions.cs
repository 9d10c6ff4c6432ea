using Hone.Tracking.Artifacts;

namespace Hone.Tracking.Rest;

/// <summary>Where a tracking server listens and what it serves.</summary>
public sealed record TrackingServerOptions
{
    /// <summary>The store's file; it is made if it is not there.</summary>
    public required string Store { get; init; }

    /// <summary>The address or the name to listen on; the default is this machine alone.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port, from 0 to 65535; 0 takes a free one.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>The folder for the files of runs, or <c>s3://BUCKET/PREFIX</c>; null: <c>artifacts</c> beside the store.</summary>
    public string? Artifacts { get; init; }

    /// <summary>
    /// The address of an S3-compatible storage that is not Amazon's, e.g. <c>http://minio:9000</c>; null: that of AWS_ENDPOINT_URL, or Amazon's.
    /// </summary>
    public Uri? S3Endpoint { get; init; }

    /// <summary>How S3 is spoken; the address is the one above.</summary>
    internal S3Options S3 { get; init; } = new();

    /// <summary>Names, besides its own and <c>localhost</c>, under which clients may ask for this server, e.g. behind a proxy.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
