namespace Hone.Tracking.Registry;

/// <summary>A registered model.</summary>
public sealed record ModelSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; null: nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it or a version of it was changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Its tags, by key.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    /// <summary>Its versions, from the first.</summary>
    public required IReadOnlyList<ModelVersionSummary> Versions { get; init; }
}

/// <summary>A version of a registered model.</summary>
public sealed record ModelVersionSummary
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its number, from 1.</summary>
    public required long Version { get; init; }

    /// <summary><c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The aliases that lead to it.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>What it is; null: nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Where its files come from, as was said when it was made.</summary>
    public required string Source { get; init; }

    /// <summary>Id of the run that made it; null: none was named.</summary>
    public string? RunId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Its tags, by key.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    /// <summary>The last value of each metric of its run, by name; none if the run is not in this store.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Metrics { get; init; }
}

/// <summary>What a version of a model was made from.</summary>
/// <param name="Version">The version.</param>
/// <param name="Run">The run that made it; null if it is none of this store.</param>
public sealed record ModelLineage(ModelVersionSummary Version, LineageRun? Run);

/// <summary>A run in the lineage of a model.</summary>
public sealed record LineageRun
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its status, e.g. <c>FINISHED</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Name of its experiment, which for a trial is the study.</summary>
    public required string Experiment { get; init; }

    /// <summary>The trial's number; null: it is a run of another program.</summary>
    public long? Trial { get; init; }

    /// <summary>Its parameters, by name.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>The data sets that it noted as read.</summary>
    public required IReadOnlyList<LineageDataset> Datasets { get; init; }

    /// <summary>The files of its data under version control: path and MD5, from its tags <c>hone.data.PATH</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Data { get; init; }

    /// <summary>The stage of the pipeline that ran it, from its tag <c>hone.pipeline.stage</c>; null: none is named.</summary>
    public string? Stage { get; init; }

    /// <summary>The MD5 of that stage's entry in <c>dvc.lock</c>, from its tag <c>hone.pipeline.lock</c>; null: none is named.</summary>
    public string? StageLock { get; init; }

    /// <summary>The commit of its code, from its tag <c>hone.git.commit</c> or MLflow's own; null: none is named.</summary>
    public string? Commit { get; init; }
}

/// <summary>A data set in the lineage of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">What tells its versions apart.</param>
/// <param name="SourceType">Of what kind its source is.</param>
/// <param name="Source">Where it comes from, as JSON.</param>
/// <param name="Context">What it was used for, e.g. <c>training</c>; null: nothing is said.</param>
public sealed record LineageDataset(string Name, string Digest, string SourceType, string Source, string? Context);
