using System.Text.Json.Serialization;

namespace Hone.Tracking.Client;

/// <summary>Which run a spool is of: all that is needed to make it on the server, or to find it there.</summary>
internal sealed record SpooledRun
{
    /// <summary>The tag by which a run is found whose making was not acknowledged.</summary>
    public const string KeyTag = "hone.client_key";

    /// <summary>Names the run before the server does.</summary>
    public required string Key { get; init; }

    /// <summary>The server, without credentials.</summary>
    public required string Server { get; init; }

    /// <summary>Name of the experiment, which is made if it is not there; null: <see cref="ExperimentId"/> says it.</summary>
    public string? Experiment { get; init; }

    /// <summary>Id of the experiment, if it is known.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>The run that is gone on with; null: a new one is made.</summary>
    public string? RunId { get; init; }

    /// <summary>The run's name; null: the server makes one up.</summary>
    public string? Name { get; init; }

    /// <summary>Who runs it.</summary>
    public string User { get; init; } = "";

    /// <summary>When it began, in milliseconds since 1970 in UTC.</summary>
    public long StartTime { get; init; }

    /// <summary>Whether an earlier process may have made the run.</summary>
    public bool MayExist { get; init; }
}

/// <summary>What the server calls a run.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="ExperimentId">The id of its experiment.</param>
/// <param name="ArtifactUri">Where its files lie.</param>
internal sealed record KnownRun(string RunId, string ExperimentId, string ArtifactUri);

/// <summary>How far the server has what stands in a spool.</summary>
/// <param name="Upto">Bytes from the start, with leading zeros, so that each such line is as long as another.</param>
internal sealed record SentMark(string Upto);

/// <summary>A file of the run.</summary>
/// <param name="Path">Where it lies among the run's files.</param>
/// <param name="Copy">The name of its copy beside the spool.</param>
internal sealed record SpooledFile(string Path, string Copy);

/// <summary>The end of a run.</summary>
/// <param name="Status">The protocol's word for how it ended.</param>
/// <param name="EndTime">When, in milliseconds since 1970 in UTC.</param>
internal sealed record SpooledEnd(string Status, long EndTime);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SpooledRun))]
[JsonSerializable(typeof(KnownRun))]
[JsonSerializable(typeof(SentMark))]
[JsonSerializable(typeof(SpooledFile))]
[JsonSerializable(typeof(SpooledEnd))]
[JsonSerializable(typeof(MirroredSessions))]
[JsonSerializable(typeof(string))]
internal sealed partial class SpoolJson : JsonSerializerContext;
