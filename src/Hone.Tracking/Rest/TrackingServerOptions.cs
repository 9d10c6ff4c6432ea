using Hone.Tracking.Access;
using Hone.Tracking.Artifacts;

namespace Hone.Tracking.Rest;

/// <summary>Where a tracking server listens, what it serves and to whom.</summary>
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

    /// <summary>Whether everybody who reaches the server is served while the store has no users. This machine alone always is.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The certificate; null: plain HTTP.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>Addresses or networks of proxies whose word is taken for where requests come from, e.g. <c>10.0.0.0/24</c>.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>
    /// How many requests a second one user, or one address without a user, is answered; above 0. Null: all of this machine's own, and 5,000
    /// where others are served.
    /// </summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>The file for the audit log; null: <c>audit.jsonl</c> beside the store. Only what named users do is in it, and what they are refused.</summary>
    public string? Audit { get; init; }

    /// <summary>The size in bytes at which the audit log's file gives way to another.</summary>
    public long AuditLimitBytes { get; init; } = AuditLog.UsualLimitBytes;

    /// <summary>The OpenTelemetry collector to send spans and metrics to; null: what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names, and nowhere without it.</summary>
    public Uri? Collector { get; init; }

    /// <summary>How often they are sent; null: spans every 5 s and metrics every minute, or as OpenTelemetry's variables say.</summary>
    public TimeSpan? CollectorInterval { get; init; }

    /// <summary>How long a client may take to send a request's head.</summary>
    public TimeSpan HeadLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a body may come, or an answer be taken, slower than 240 bytes a second; above 1 s.</summary>
    public TimeSpan SlownessLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections there may be at a time; more are closed at once. At least 1.</summary>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>How long requests that came have to be answered when the server ends; what takes longer is broken off.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
