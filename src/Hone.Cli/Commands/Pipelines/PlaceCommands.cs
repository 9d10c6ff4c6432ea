using System.CommandLine;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone remove</c>, <c>move</c>, <c>unprotect</c>, <c>import-url</c>, <c>ls</c> and <c>root</c>: outputs and their places.</summary>
internal sealed class PlaceCommands
{
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Outputs or .dvc files.", Arity = ArgumentArity.OneOrMore };
    private readonly Argument<string> _from = new("FROM") { Description = "The output." };
    private readonly Argument<string> _to = new("TO") { Description = "Where it goes: a new path, or a folder that takes it in." };
    private readonly Argument<string> _url = new("URL") { Description = "A path, or an address with http:// or https://." };
    private readonly Argument<string?> _out = new("OUT") { Description = "Where it goes; by the address's last part if it is not named.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _path = new("PATH") { Description = "A folder or a tracked folder; the repository if it is not named.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _outs = new("--outs") { Description = "Remove the data in the workspace too." };
    private readonly Option<bool> _recursive = new("--recursive", "-R") { Description = "List the files of tracked folders too." };
    private readonly PipelineContext _context;

    public PlaceCommands(PipelineContext context)
    {
        _context = context;
        var remove = new Command("remove", "Stops tracking outputs; the data stay.") { _targets, _outs, context.WaitForLock };
        remove.SetAction((parsed, token) => context.WithLockAsync(parsed, repository => RemoveAsync(parsed, repository, token), token));
        var move = new Command("move", "Moves an output with its record.") { _from, _to, context.WaitForLock };
        move.SetAction((parsed, token) => context.WithLockAsync(parsed, repository => MoveAsync(parsed, repository, token), token));
        var unprotect = new Command("unprotect", "Turns links to the cache into files that can be written.") { _targets, context.WaitForLock };
        unprotect.SetAction((parsed, token) => context.WithLockAsync(parsed, repository => Unprotect(parsed, repository), token));
        var import = new Command("import-url", "Takes a file or folder from elsewhere, and records where from.") { _url, _out, context.WaitForLock };
        import.SetAction((parsed, token) => context.WithLockAsync(parsed, repository => ImportAsync(parsed, repository, token), token));
        var list = new Command("ls", "Lists what is tracked.") { _path, _recursive };
        list.SetAction(List);
        var root = new Command("root", "Tells the repository's folder, relative to this one.");
        root.SetAction(_ =>
        {
            using var repository = PipelineContext.Open();
            context.Output.WriteLine(Path.GetRelativePath(Environment.CurrentDirectory, repository.Root));
            return ExitCode.Done;
        });
        Commands = [remove, move, unprotect, import, list, root];
    }

    /// <summary>The verbs.</summary>
    public IReadOnlyList<Command> Commands { get; }

    private async Task<int> RemoveAsync(ParseResult parsed, Repository repository, CancellationToken cancellationToken)
    {
        var index = _context.Index(repository);
        var changed = new List<string>();
        foreach (var file in Targets.Find(repository, index, parsed.GetValue(_targets)!).Select(target => FileOf(index, target)).Distinct())
        {
            changed.AddRange(Remove.Run(repository, file, parsed.GetValue(_outs)));
        }

        await _context.TellChangedAsync(parsed, repository, changed, cancellationToken);
        return ExitCode.Done;
    }

    private async Task<int> MoveAsync(ParseResult parsed, Repository repository, CancellationToken cancellationToken)
    {
        var index = _context.Index(repository);
        var file = FileOf(index, Targets.Find(repository, index, [parsed.GetValue(_from)!])[0]);
        var changed = Remove.Move(repository, file, repository.RelativePath(Path.GetFullPath(parsed.GetValue(_to)!)));
        await _context.TellChangedAsync(parsed, repository, changed, cancellationToken);
        return ExitCode.Done;
    }

    private static Task<int> Unprotect(Repository repository, IEnumerable<string> targets)
    {
        targets.ToList().ForEach(target => Remove.Unprotect(repository, repository.RelativePath(Path.GetFullPath(target))));
        return Task.FromResult(ExitCode.Done);
    }

    private Task<int> Unprotect(ParseResult parsed, Repository repository) => Unprotect(repository, parsed.GetValue(_targets)!);

    private async Task<int> ImportAsync(ParseResult parsed, Repository repository, CancellationToken cancellationToken)
    {
        var url = parsed.GetValue(_url)!;
        var output = repository.RelativePath(Path.GetFullPath(parsed.GetValue(_out) ?? Path.GetFileName(url.TrimEnd('/'))));
        using var client = new HttpClient();
        await _context.TellChangedAsync(parsed, repository, await ImportUrl.RunAsync(repository, url, output, client, cancellationToken), cancellationToken);
        return ExitCode.Done;
    }

    private int List(ParseResult parsed)
    {
        using var repository = PipelineContext.Open();
        var path = parsed.GetValue(_path) is { } named ? repository.RelativePath(Path.GetFullPath(named)) : "";
        var outputs = _context.Index(repository).Outputs
            .Where(output => path.Length == 0 || output.Path == path || output.Path.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(output.Path + "/", StringComparison.Ordinal))
            .OrderBy(output => output.Path, StringComparer.Ordinal);
        var isRecursive = parsed.GetValue(_recursive) || path.Length > 0;
        foreach (var output in outputs)
        {
            var isFolder = output.Id?.IsFolder == true;
            var manifest = isFolder && isRecursive ? repository.Cache.ReadManifest(output.Id!.Value, output.IsLegacy) : null;
            if (manifest is null)
            {
                _context.Output.WriteLine(output.Path + (isFolder ? "/" : ""));
            }

            foreach (var file in manifest?.Entries.Select(entry => $"{output.Path}/{entry.Path}").Where(file => file == path || path.Length == 0 || file.StartsWith(path + "/", StringComparison.Ordinal)) ?? [])
            {
                _context.Output.WriteLine(file);
            }
        }

        return ExitCode.Done;
    }

    private static DvcFile FileOf(RepositoryIndex index, Target target) => target.Part is null && index.FileOf(target.Output) is { } file
        ? file
        : throw new CommandException(
            ExitCode.WrongInput, target.Part is null
                ? $"'{target.Output.Path}' is an output of the stage '{target.Output.Owner}'; change dvc.yaml instead"
                : $"'{target.Part}' is a part of '{target.Output.Path}'; name the whole");
}
