using System.CommandLine;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone init</c>, <c>hone add</c> and <c>hone commit</c>: what makes records.</summary>
internal sealed class AddCommands
{
    private readonly Option<bool> _noScm = new("--no-scm") { Description = "Live without Git." };
    private readonly Option<bool> _subfolder = new("--subdir") { Description = "Be a folder within a Git repository." };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace the .dvc that is there, with its cache." };
    private readonly Option<bool> _forceCommit = new("--force", "-f") { Description = "For scripts made for DVC, which asks before it commits; Hone does not." };
    private readonly Option<bool> _noCommit = new("--no-commit") { Description = "Record contents without keeping them in the cache." };
    private readonly Option<bool> _glob = new("--glob") { Description = "Take targets as patterns with *, ?, [a-z] and **." };
    private readonly Option<string?> _description = new("--desc") { Description = "A text to keep with the record.", HelpName = "TEXT" };
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Files and folders.", Arity = ArgumentArity.OneOrMore };
    private readonly Argument<string[]> _records = new("TARGETS") { Description = "Outputs or .dvc files; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly PipelineContext _context;

    public AddCommands(PipelineContext context)
    {
        _context = context;
        var init = new Command("init", "Makes this folder a data repository.") { _noScm, _subfolder, _force };
        init.SetAction(InitAsync);
        var add = new Command("add", "Puts files and folders under version control.")
        {
            _targets, _noCommit, _glob, _description, context.WaitForLock,
        };
        add.SetAction(AddAsync);
        var commit = new Command("commit", "Records what tracked outputs hold now.") { _records, _forceCommit, context.WaitForLock };
        commit.SetAction(CommitAsync);
        Commands = [init, add, commit];
    }

    /// <summary>The verbs.</summary>
    public IReadOnlyList<Command> Commands { get; }

    private async Task<int> InitAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await Setup.RunAsync(
            Environment.CurrentDirectory, parsed.GetValue(_noScm), parsed.GetValue(_subfolder), parsed.GetValue(_force), cancellationToken);
        if (!_context.Common.IsQuiet(parsed))
        {
            _context.Output.WriteLine("Initialized a data repository.");
            if (!parsed.GetValue(_noScm))
            {
                _context.Output.WriteLine("\nYou can now commit the changes to git.");
            }
        }

        return ExitCode.Done;
    }

    private Task<int> AddAsync(ParseResult parsed, CancellationToken cancellationToken) => _context.WithLockAsync(
        parsed,
        async repository =>
        {
            var options = new AddOptions
            {
                SkipsCache = parsed.GetValue(_noCommit),
                IsGlob = parsed.GetValue(_glob),
                Description = parsed.GetValue(_description),
            };
            var changed = await Add.RunAsync(repository, _context.Index(repository), parsed.GetValue(_targets)!, options, _context.Time, cancellationToken);
            await _context.TellChangedAsync(parsed, repository, changed, cancellationToken);
            return ExitCode.Done;
        },
        cancellationToken);

    private async Task<int> CommitAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stages = new HashSet<string>(StringComparer.Ordinal);
        await _context.WithLockAsync(
            parsed,
            async repository =>
            {
                var index = _context.Index(repository);
                var targets = Targets.Find(repository, index, parsed.GetValue(_records)!);
                stages.UnionWith(targets.Where(target => target.Output.IsFromStage).Select(target => target.Output.Owner));
                var files = targets.Select(target => index.FileOf(target.Output)).OfType<DvcFile>().Distinct();
                await _context.TellChangedAsync(parsed, repository, Commit.Run(repository, files, cancellationToken), cancellationToken);
                return ExitCode.Done;
            },
            cancellationToken);
        if (stages.Count > 0)
        {
            // Stages take the repository's lock themselves, one by one.
            using var repository = PipelineContext.Open();
            using var pipeline = Pipeline.Load(repository);
            var changed = await StageCommit.RunAsync(repository, pipeline, pipeline.Graph.Stages.Where(stage => stages.Contains(stage.Address)), _context.Time);
            await _context.TellChangedAsync(parsed, repository, changed, cancellationToken);
        }

        return ExitCode.Done;
    }
}
