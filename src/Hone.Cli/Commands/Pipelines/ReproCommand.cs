using System.CommandLine;
using Hone.Cli.Progress;
using Hone.Pipelines.Stages;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone repro</c>: runs the stages whose command, dependencies, parameters or outputs changed.</summary>
internal sealed class ReproCommand
{
    private readonly Argument<string[]> _targets = new("TARGET")
    {
        Description = "Stages, groups, outputs or pipeline files; all stages if there is none.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "Run stages even if nothing changed." };
    private readonly Option<bool> _single = new("--single-item", "-s") { Description = "Leave out what the targets need." };
    private readonly Option<bool> _dry = new("--dry") { Description = "Only print what would run." };
    private readonly Option<bool> _downstream = new("--downstream") { Description = "Reproduce the targets and all that needs them." };
    private readonly Option<bool> _forceDownstream = new("--force-downstream") { Description = "Run also what needs a stage that ran, even if nothing else changed." };
    private readonly Option<bool> _pipeline = new("--pipeline", "-p") { Description = "Reproduce the whole pipelines that the targets belong to." };
    private readonly Option<bool> _all = new("--all-pipelines", "-P") { Description = "Reproduce all pipelines of the repository." };
    private readonly Option<bool> _keepGoing = new("--keep-going", "-k") { Description = "After a failure, go on with what does not need the failed stage." };
    private readonly Option<bool> _noRunCache = new("--no-run-cache") { Description = "Run even what ran before with the same inputs." };
    private readonly Option<bool> _noCommit = new("--no-commit") { Description = "Do not put outputs into the cache." };
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Do not run a stage only because its data is not here." };
    private readonly Option<bool> _pull = new("--pull") { Description = "First bring from the remote what is recorded and not here." };
    private readonly Option<int> _jobs = new("--jobs", "-j") { Description = "How many stages may run at once.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ReproCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("repro", "Runs the stages of dvc.yaml whose inputs, outputs or command changed, and those that need them.")
        {
            _targets, _force, _single, _dry, _downstream, _forceDownstream, _pipeline, _all, _keepGoing, _noRunCache, _noCommit, _allowMissing, _pull, _jobs,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var jobs = parsed.GetValue(_jobs);
        if (jobs < 1)
        {
            throw new CommandException(ExitCode.WrongInput, $"--jobs: '{jobs}' is out of range; expected a whole number of at least 1");
        }

        using var place = PipelineWorkplace.Open();
        var plan = Plan(place, parsed);
        using var signals = new EndSignals(cancellationToken);
        if (parsed.GetValue(_pull) && !parsed.GetValue(_dry))
        {
            await StagePull.RunAsync(place.Repository, plan, remote: null, _surroundings.Time, signals.Token);
        }

        await using var progress = new ReproProgress(
            plan, jobs, isJson: _common.IsJson(parsed), isQuiet: _common.IsQuiet(parsed), Terminal.Find(), _surroundings);
        plan.Where(stage => stage.IsFrozen).ToList().ForEach(progress.Frozen);
        var options = Options(parsed, jobs, sharesTerminal: jobs == 1 && !_common.IsJson(parsed) && _surroundings.Output == Console.Out);
        var results = await new Reproduction(place.Repository, place.Pipeline, options, progress.See, _surroundings.Time).RunAsync(plan, signals.Token);
        await progress.EndAsync();
        await _surroundings.Output.WriteLineAsync(_common.IsJson(parsed) ? ReproSummary.Json(results) : ReproSummary.Text(results, signals.Token.IsCancellationRequested));
        return signals.Token.IsCancellationRequested ? ExitCode.Interrupted
            : results.Any(end => end.Outcome == StageOutcome.Failed) ? ExitCode.Failed
            : ExitCode.Done;
    }

    private ReproductionOptions Options(ParseResult parsed, int jobs, bool sharesTerminal) => new()
    {
        Jobs = jobs,
        IsForced = parsed.GetValue(_force),
        ForcesDownstream = parsed.GetValue(_forceDownstream),
        IsDry = parsed.GetValue(_dry),
        KeepsGoing = parsed.GetValue(_keepGoing),
        SkipsCache = parsed.GetValue(_noCommit),
        SkipsRunCache = parsed.GetValue(_noRunCache),
        AllowsMissing = parsed.GetValue(_allowMissing),
        SharesTerminal = sharesTerminal,
    };

    private IReadOnlyList<Stage> Plan(PipelineWorkplace place, ParseResult parsed)
    {
        var graph = place.Pipeline.Graph;
        if (graph.Stages.Count == 0)
        {
            throw new CommandException(ExitCode.WrongInput, "the repository has no stages; write a dvc.yaml or add one with hone stage add");
        }

        var targets = place.Find(parsed.GetValue(_all) ? [] : parsed.GetValue(_targets) ?? []);
        return parsed.GetValue(_single) ? graph.Ordered(targets.ToHashSet())
            : parsed.GetValue(_downstream) ? graph.WithDownstream(targets)
            : parsed.GetValue(_pipeline) ? graph.WholePipelines(targets)
            : graph.WithUpstream(targets);
    }
}
