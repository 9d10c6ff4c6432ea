using System.CommandLine;

namespace Hone.Cli.Commands.Tracking;

/// <summary>Options that several verbs of tracking have.</summary>
internal static class ArtifactOptions
{
    /// <summary>Where the server keeps files.</summary>
    public static Option<string?> Place() => new("--artifacts")
    {
        Description = "Where the server keeps files: a folder or s3://BUCKET/PREFIX; the default is artifacts beside the store.",
        HelpName = "DIR",
    };
}
