using System.CommandLine;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone push</c>, <c>hone fetch</c> and <c>hone pull</c>: objects between the cache and a remote.</summary>
internal sealed class TransferCommands
{
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Outputs, parts of them, .dvc files or stages; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _remote = new("--remote", "-r") { Description = "The remote; the default one if it is not given.", HelpName = "NAME" };
    private readonly Option<int> _jobs = new("--jobs", "-j") { Description = "How many objects at once; 0 chooses.", HelpName = "N" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Overwrite changes that are nowhere else." };
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Leave out files whose objects are missing." };
    private readonly PipelineContext _context;

    public TransferCommands(PipelineContext context)
    {
        _context = context;
        var push = new Command("push", "Sends objects to a remote.") { _targets, _remote, _jobs, context.WaitForLock };
        push.SetAction((parsed, token) => RunAsync(parsed, (transfer, targets) => transfer.PushAsync(targets), "pushed", null, token));
        var fetch = new Command("fetch", "Gets objects from a remote into the cache.") { _targets, _remote, _jobs, context.WaitForLock };
        fetch.SetAction((parsed, token) => RunAsync(parsed, (transfer, targets) => transfer.FetchAsync(targets), "fetched", null, token));
        var pull = new Command("pull", "Gets objects from a remote and puts them into the workspace.") { _targets, _remote, _jobs, _force, _allowMissing, context.WaitForLock };
        pull.SetAction((parsed, token) => RunAsync(parsed, (transfer, targets) => transfer.FetchAsync(targets), "fetched", PutAsync, token));
        Commands = [push, fetch, pull];
    }

    /// <summary>The verbs.</summary>
    public IReadOnlyList<Command> Commands { get; }

    private Task<int> RunAsync(
        ParseResult parsed,
        Func<Transfer, IEnumerable<Target>, Task<TransferResult>> transfer,
        string word,
        Func<ParseResult, Repository, IReadOnlyList<Target>, CancellationToken, Task<int>>? afterwards,
        CancellationToken cancellationToken) => _context.WithLockAsync(
        parsed,
        async repository =>
        {
            var targets = Targets.Find(repository, _context.Index(repository), parsed.GetValue(_targets)!);
            var count = 0;
            var failures = new List<string>();
            foreach (var group in targets.GroupBy(target => parsed.GetValue(_remote) ?? target.Output.Remote))
            {
                var result = await transfer(new Transfer(repository, Remote.Open(repository.Config, group.Key), parsed.GetValue(_jobs), cancellationToken), group);
                count += result.FileCount;
                failures.AddRange(result.Failures);
            }

            failures.ForEach(failure => _context.Errors.WriteLine($"hone: {failure}"));
            var code = afterwards is null ? ExitCode.Done : await afterwards(parsed, repository, targets, cancellationToken);
            Tell(parsed, count, word, failures.Count);
            return failures.Count > 0 ? ExitCode.Failed : code;
        },
        cancellationToken);

    private Task<int> PutAsync(ParseResult parsed, Repository repository, IReadOnlyList<Target> targets, CancellationToken cancellationToken) => CheckoutCommand.PutAsync(
        _context,
        parsed,
        repository,
        targets,
        new CheckoutOptions { IsForced = parsed.GetValue(_force), AllowsMissing = parsed.GetValue(_allowMissing) },
        cancellationToken);

    private void Tell(ParseResult parsed, int count, string word, int failures)
    {
        if (_context.Common.IsJson(parsed))
        {
            _context.Output.WriteLine(new PythonJson().Open('{').Key(word).Raw($"{count}").Key("failed").Raw($"{failures}").Close('}').ToString());
        }
        else if (!_context.Common.IsQuiet(parsed) && (count > 0 || failures == 0))
        {
            _context.Output.WriteLine(count == 0 ? "Everything is up to date." : $"{count} file{(count == 1 ? "" : "s")} {word}");
        }
    }
}
