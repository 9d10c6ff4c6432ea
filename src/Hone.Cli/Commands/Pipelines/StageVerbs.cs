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
        root.Subcommands.Add(new StageCommand(common, surroundings).Command);
        var freezing = new FreezeCommands();
        root.Subcommands.Add(freezing.Freeze);
        root.Subcommands.Add(freezing.Unfreeze);
        var measures = new MeasureCommands(common, surroundings);
        root.Subcommands.Add(measures.Parameters);
        root.Subcommands.Add(measures.Metrics);
        root.Subcommands.Add(new PlotsCommand(common, surroundings).Command);
    }
}
