using System.CommandLine;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone checkout</c>: puts recorded contents into the workspace.</summary>
internal sealed class CheckoutCommand
{
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Outputs, parts of them, .dvc files or stages; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Overwrite changes that are nowhere else." };
    private readonly Option<bool> _relink = new("--relink") { Description = "Make all files anew, as after a change of cache.type." };
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Leave out files whose objects are missing." };
    private readonly PipelineContext _context;

    public CheckoutCommand(PipelineContext context)
    {
        _context = context;
        Command = new Command("checkout", "Puts recorded contents into the workspace.") { _targets, _force, _relink, _allowMissing, context.WaitForLock };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _context.WithLockAsync(
        parsed,
        repository =>
        {
            var options = new CheckoutOptions
            {
                IsForced = parsed.GetValue(_force),
                IsRelinking = parsed.GetValue(_relink),
                AllowsMissing = parsed.GetValue(_allowMissing),
            };
            var targets = Targets.Find(repository, _context.Index(repository), parsed.GetValue(_targets)!);
            return PutAsync(_context, parsed, repository, targets, options, cancellationToken);
        },
        cancellationToken);

    /// <summary>Checks targets out and tells what changed.</summary>
    public static async Task<int> PutAsync(
        PipelineContext context, ParseResult parsed, Repository repository, IReadOnlyList<Target> targets, CheckoutOptions options, CancellationToken cancellationToken)
    {
        var added = new List<string>();
        var modified = new List<string>();
        var failures = new List<string>();
        foreach (var parts in targets.GroupBy(target => target.Output))
        {
            var all = parts.Any(target => target.Part is null);
            var result = await Checkout.RunAsync(
                repository, [parts.Key], all ? options : options with { Wanted = path => parts.Any(target => target.Includes(path)) }, context.Time, cancellationToken);
            added.AddRange(result.Added);
            modified.AddRange(result.Modified);
            failures.AddRange(result.Failures);
        }

        if (context.Common.IsJson(parsed))
        {
            context.Output.WriteLine(Json(added, modified, failures));
        }
        else if (!context.Common.IsQuiet(parsed))
        {
            modified.ForEach(path => context.Output.WriteLine($"M       {path}"));
            added.ForEach(path => context.Output.WriteLine($"A       {path}"));
        }

        failures.ForEach(failure => context.Errors.WriteLine($"hone: {failure}"));
        return failures.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static string Json(List<string> added, List<string> modified, List<string> failures)
    {
        var json = new PythonJson().Open('{');
        foreach (var (key, paths) in new[] { ("added", added), ("modified", modified), ("failed", failures) })
        {
            json.Key(key).Open('[');
            paths.ForEach(path => json.Text(path));
            json.Close(']');
        }

        return json.Close('}').ToString();
    }
}
