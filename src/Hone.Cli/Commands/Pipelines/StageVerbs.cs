using System.CommandLine;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>The verbs on stages, and on what they read and write.</summary>
internal static class StageVerbs
{
    /// <summary>Adds them to the program.</summary>
    public static void AddTo(Command root, CommonOptions common, Surroundings surroundings)
    {
        root.Subcommands.Add(new ReproCommand(common, surroundings).Command);
        root.Subcommands.Add(new DagCommand(surroundings).Command);
    }
}
