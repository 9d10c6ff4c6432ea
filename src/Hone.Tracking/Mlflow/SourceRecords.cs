using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>An experiment of another store. Times are milliseconds since 1970 here and below; null: not known.</summary>
internal sealed record SourceExperiment
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Where its runs' files lie.</summary>
    public string? Location { get; init; }

    public bool IsDeleted { get; init; }

    public long? Created { get; init; }

    public long? Updated { get; init; }

    public required List<(string Key, string Value)> Tags { get; init; }
}

/// <summary>A run of another store.</summary>
internal sealed record SourceRun
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? User { get; init; }

    /// <summary>Its status as the protocol writes it.</summary>
    public required string Status { get; init; }

    public long? Start { get; init; }

    public long? End { get; init; }

    /// <summary>Where its files lie.</summary>
    public string? ArtifactUri { get; init; }

    public bool IsDeleted { get; init; }

    public long? DeletedAt { get; init; }

    public required List<(string Key, string Value)> Parameters { get; init; }

    public required List<(string Key, string Value)> Tags { get; init; }

    public required List<LoggedDataset> Datasets { get; init; }

    /// <summary>Ids of the models that it read.</summary>
    public required List<string> ModelInputs { get; init; }

    /// <summary>Ids of the models that it wrote, and at which step.</summary>
    public required List<(string Id, long Step)> ModelOutputs { get; init; }

    /// <summary>Everything that it measured; read again with each enumeration, since it may be more than fits into memory.</summary>
    public required IEnumerable<LoggedMetric> Metrics { get; init; }

    /// <summary>A folder of this machine in which its files lie beside the run; null: none is known.</summary>
    public string? ArtifactFolder { get; init; }
}

/// <summary>A logged model of another store.</summary>
internal sealed record SourceLoggedModel
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? ModelType { get; init; }

    public string? SourceRunId { get; init; }

    /// <summary>Its status as the protocol writes it, or as a number.</summary>
    public required string Status { get; init; }

    public long? Created { get; init; }

    public long? Updated { get; init; }

    public bool IsDeleted { get; init; }

    public string? ArtifactUri { get; init; }

    public required List<(string Key, string Value)> Tags { get; init; }

    public required List<(string Key, string Value)> Parameters { get; init; }

    /// <summary>What runs measured of it, each with the run's id.</summary>
    public required List<(string RunId, LoggedMetric Metric)> Metrics { get; init; }

    public string? ArtifactFolder { get; init; }
}

/// <summary>A registered model of another store.</summary>
internal sealed record SourceModel
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public long? Created { get; init; }

    public long? Updated { get; init; }

    public required List<(string Key, string Value)> Tags { get; init; }

    public required List<(string Alias, string Version)> Aliases { get; init; }

    public required List<SourceVersion> Versions { get; init; }
}

/// <summary>A version of a registered model of another store.</summary>
internal sealed record SourceVersion
{
    public required long Number { get; init; }

    public string? Stage { get; init; }

    public string? Description { get; init; }

    public string? Source { get; init; }

    /// <summary>Where its files are, if that is known besides the source.</summary>
    public string? Location { get; init; }

    public string? RunId { get; init; }

    public string? RunLink { get; init; }

    public string? ModelId { get; init; }

    public long? Created { get; init; }

    public long? Updated { get; init; }

    public required List<(string Key, string Value)> Tags { get; init; }
}
