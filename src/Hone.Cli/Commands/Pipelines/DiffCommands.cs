using System.CommandLine;
using Hone.Pipelines.Verbs;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone diff</c> and <c>hone data status</c>: what changed since when.</summary>
internal sealed class DiffCommands
{
    private readonly Argument<string> _from = new("FROM") { Description = "The revision before.", DefaultValueFactory = _ => "HEAD" };
    private readonly Argument<string?> _to = new("TO") { Description = "The revision later; the workspace if it is not named.", Arity = ArgumentArity.ZeroOrOne };
    private readonly PipelineContext _context;

    public DiffCommands(PipelineContext context)
    {
        _context = context;
        Diff = new Command("diff", "Compares outputs between revisions, or with the workspace.") { _from, _to };
        Diff.SetAction(DiffAsync);
        Status = new Command("status", "Tells how outputs stand to their records, and these to Git's last commit.");
        Status.SetAction(StatusAsync);
    }

    /// <summary>The verb <c>diff</c>.</summary>
    public Command Diff { get; }

    /// <summary>The verb <c>status</c> of <c>data</c>.</summary>
    public Command Status { get; }

    private async Task<int> DiffAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var repository = PipelineContext.Open();
        var index = _context.Index(repository);
        var difference = await Hone.Pipelines.Verbs.Diff.RunAsync(repository, index, parsed.GetValue(_from)!, parsed.GetValue(_to), cancellationToken);
        if (_context.Common.IsJson(parsed))
        {
            _context.Output.WriteLine(Json(difference));
            return ExitCode.Done;
        }

        foreach (var (title, paths) in new[]
        {
            ("Added", difference.Added), ("Deleted", difference.Deleted),
            ("Renamed", [.. difference.Renamed.Select(pair => $"{pair.Old} -> {pair.New}")]),
            ("Modified", difference.Modified), ("Not in cache", difference.NotInCache),
        })
        {
            if (paths.Count > 0)
            {
                _context.Output.WriteLine($"{title}:\n{string.Join('\n', paths.Select(path => "    " + path))}\n");
            }
        }

        if (!difference.IsEmpty)
        {
            _context.Output.WriteLine($"files summary: {difference.Added.Count} added, {difference.Deleted.Count} deleted, {difference.Renamed.Count} renamed, {difference.Modified.Count} modified");
        }

        return ExitCode.Done;
    }

    private static string Json(Difference difference)
    {
        var json = new PythonJson().Open('{');
        if (difference.IsEmpty)
        {
            return json.Close('}').ToString();
        }

        Paths(json, "added", difference.Added);
        Paths(json, "deleted", difference.Deleted);
        Paths(json, "modified", difference.Modified);
        json.Key("renamed").Open('[');
        foreach (var (old, later) in difference.Renamed)
        {
            json.Open('{').Key("path").Open('{').Key("old").Text(old).Key("new").Text(later).Close('}').Close('}');
        }

        json.Close(']');
        Paths(json, "not in cache", difference.NotInCache);
        return json.Close('}').ToString();
    }

    private static void Paths(PythonJson json, string key, IReadOnlyList<string> paths)
    {
        json.Key(key).Open('[');
        foreach (var path in paths)
        {
            json.Open('{').Key("path").Text(path).Close('}');
        }

        json.Close(']');
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var repository = PipelineContext.Open();
        var status = await DataStatus.ReadAsync(repository, _context.Index(repository), cancellationToken);
        if (_context.Common.IsJson(parsed))
        {
            var json = new PythonJson().Open('{');
            if (status.NotInCache.Count > 0)
            {
                json.Key("not_in_cache").Open('[');
                status.NotInCache.ToList().ForEach(path => json.Text(path));
                json.Close(']');
            }

            Changes(json, "committed", status.Committed);
            Changes(json, "uncommitted", status.Uncommitted);
            _context.Output.WriteLine(json.Close('}').ToString());
            return ExitCode.Done;
        }

        Tell("Not in cache:", status.NotInCache.Select(path => $"        {path}"));
        Tell("DVC committed changes:", status.Committed.Select(change => $"        {change.Word}: {change.Path}"));
        Tell("DVC uncommitted changes:", status.Uncommitted.Select(change => $"        {change.Word}: {change.Path}"));
        if (status.NotInCache.Count + status.Committed.Count + status.Uncommitted.Count == 0)
        {
            _context.Output.WriteLine("No changes.");
        }

        return ExitCode.Done;
    }

    private void Tell(string title, IEnumerable<string> lines)
    {
        if (lines.Any())
        {
            _context.Output.WriteLine(title + "\n" + string.Join('\n', lines) + "\n");
        }
    }

    private static void Changes(PythonJson json, string key, IReadOnlyList<(string Word, string Path)> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        json.Key(key).Open('{');
        foreach (var group in changes.GroupBy(change => change.Word).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.Key(group.Key).Open('[');
            group.Select(change => change.Path).Order(StringComparer.Ordinal).ToList().ForEach(path => json.Text(path));
            json.Close(']');
        }

        json.Close('}');
    }
}
