using System.CommandLine;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone status</c>: which outputs differ from their records.</summary>
internal sealed class StatusCommand
{
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Outputs, .dvc files or stages; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly PipelineContext _context;

    public StatusCommand(PipelineContext context)
    {
        _context = context;
        Command = new Command("status", "Tells which outputs differ from their records.") { _targets };
        Command.SetAction(Run);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        using var repository = PipelineContext.Open();
        var index = _context.Index(repository);
        var targets = Targets.Find(repository, index, parsed.GetValue(_targets)!);
        var changes = Changes(repository, targets);
        if (_context.Common.IsQuiet(parsed))
        {
            return changes.Count > 0 ? ExitCode.Failed : ExitCode.Done;
        }

        _context.Output.WriteLine(_context.Common.IsJson(parsed) ? Json(changes)
            : changes.Count > 0 ? Text(changes)
            : index.Outputs.Count == 0 ? "There are no data or pipelines tracked in this project yet."
            : "Data and pipelines are up to date.");
        return ExitCode.Done;
    }

    private static List<(string Owner, List<(string Path, string Word)> Outputs)> Changes(Repository repository, IEnumerable<Target> targets)
    {
        var reader = new ContentReader(repository);
        var changes = new List<(string Owner, List<(string Path, string Word)> Outputs)>();
        foreach (var owned in targets.Where(target => !target.Output.IsFromStage).Select(target => target.Output).Distinct().GroupBy(output => output.Owner))
        {
            var changed = owned
                .Select(output => (Path: Shown(repository, output.Path), Change: Status.Of(repository, output, reader)))
                .Where(output => output.Change != OutputChange.None)
                .Select(output => (output.Path, Word(output.Change)))
                .ToList();
            if (changed.Count > 0)
            {
                changes.Add((Shown(repository, owned.Key), changed));
            }
        }

        return changes;
    }

    private static string Shown(Repository repository, string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(repository.Root, path));

    private static string Word(OutputChange change) => change switch
    {
        OutputChange.NotInCache => "not in cache",
        OutputChange.New => "new",
        OutputChange.Modified => "modified",
        _ => "deleted",
    };

    private static string Text(List<(string Owner, List<(string Path, string Word)> Outputs)> changes) => string.Join(
        '\n',
        changes.Select(change => $"{change.Owner}:\n\tchanged outs:\n" + string.Join('\n', change.Outputs.Select(output => $"\t\t{output.Word + ":",-20}{output.Path}"))));

    private static string Json(List<(string Owner, List<(string Path, string Word)> Outputs)> changes)
    {
        var json = new PythonJson().Open('{');
        foreach (var (owner, outputs) in changes)
        {
            json.Key(owner).Open('[').Open('{').Key("changed outs").Open('{');
            outputs.ForEach(output => json.Key(output.Path).Text(output.Word));
            json.Close('}').Close('}').Close(']');
        }

        return json.Close('}').ToString();
    }
}
