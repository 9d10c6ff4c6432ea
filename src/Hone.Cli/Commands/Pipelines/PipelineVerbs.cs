using System.CommandLine;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>The verbs on data and pipelines.</summary>
internal static class PipelineVerbs
{
    /// <summary>Adds them to the program.</summary>
    /// <param name="root">The program's own command.</param>
    /// <param name="data">The verb <c>data</c>, which has verbs of its own.</param>
    /// <param name="context">What they share.</param>
    public static void AddTo(Command root, Command data, PipelineContext context)
    {
        var diff = new DiffCommands(context);
        data.Subcommands.Add(diff.Status);
        Command[] commands =
        [
            .. new AddCommands(context).Commands, .. new TransferCommands(context).Commands, .. new ConfigCommands(context).Commands,
            .. new PlaceCommands(context).Commands, diff.Diff, new GarbageCommand(context).Command,
        ];
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(new StatusCommand(context).Command);
        root.Subcommands.Add(new CheckoutCommand(context).Command);
    }
}
