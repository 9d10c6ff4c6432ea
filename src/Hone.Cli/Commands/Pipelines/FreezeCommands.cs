using System.CommandLine;
using Hone.Pipelines.Stages;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone freeze</c> and <c>hone unfreeze</c>: whether stages run when what they read changes.</summary>
internal sealed class FreezeCommands
{
    private readonly Argument<string[]> _targets = new("TARGET") { Description = "Stages, groups or .dvc files.", Arity = ArgumentArity.OneOrMore };

    public FreezeCommands()
    {
        Freeze = new Command("freeze", "Has stages not run, whatever changes, until they are unfrozen.") { _targets };
        Freeze.SetAction(parsed => Run(parsed, isFrozen: true));
        Unfreeze = new Command("unfreeze", "Has frozen stages run again when what they read changes.") { _targets };
        Unfreeze.SetAction(parsed => Run(parsed, isFrozen: false));
    }

    /// <summary>The verb <c>freeze</c>.</summary>
    public Command Freeze { get; }

    /// <summary>The verb <c>unfreeze</c>.</summary>
    public Command Unfreeze { get; }

    private int Run(ParseResult parsed, bool isFrozen)
    {
        using var place = PipelineWorkplace.Open();
        foreach (var stage in place.Find(parsed.GetValue(_targets)!))
        {
            PipelineText.Freeze(place.Repository, stage, isFrozen);
        }

        return ExitCode.Done;
    }
}
