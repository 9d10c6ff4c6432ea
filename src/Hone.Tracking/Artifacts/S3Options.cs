namespace Hone.Tracking.Artifacts;

/// <summary>How an S3-compatible storage is reached. Credentials come from where Amazon's tools look for them: environment, profile, machine.</summary>
internal sealed record S3Options
{
    private static readonly string[] Variables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "MLFLOW_S3_ENDPOINT_URL"];

    /// <summary>The storage's address where it is not Amazon's own; null: Amazon's of the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region, e.g. <c>eu-central-1</c>; null: from where Amazon's tools take it.</summary>
    public string? Region { get; init; }

    /// <summary>Bytes of a part of an upload, of which one is held in memory; a smaller file is sent in one request. Amazon takes 5 MiB at least.</summary>
    public int PartBytes { get; init; } = 8 << 20;

    /// <summary>How many keys are asked for at a time, at most 1,000.</summary>
    public int PageKeys { get; init; } = 1_000;

    /// <summary>The same, at an address that a user named, or else at that of the environment, if it has one.</summary>
    public S3Options At(Uri? endpoint) => this with { Endpoint = endpoint ?? FromEnvironment() };

    private static Uri? FromEnvironment() => Variables
        .Select(Environment.GetEnvironmentVariable)
        .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null)
        .FirstOrDefault(address => address is not null);
}
