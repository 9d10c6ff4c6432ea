using System.CommandLine;
using Hone.Pipelines.Comparing;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone params diff</c>, <c>hone metrics show</c> and <c>hone metrics diff</c>: what stages were told and what they reached.</summary>
internal sealed class MeasureCommands
{
    private readonly Argument<string[]> _revisions = new("REVISION")
    {
        Description = "What to compare: one with the workspace, or two with each other; HEAD with the workspace if there is none.",
        Arity = new ArgumentArity(0, 2),
    };

    private readonly Option<string[]> _targets = new("--targets") { Description = "The files to compare; all if none is named.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _all = new("--all") { Description = "List also what did not change." };
    private readonly Option<bool> _noPath = new("--no-path") { Description = "Leave the files' names out." };
    private readonly Option<bool> _markdown = new("--md") { Description = "Print the table in Markdown." };
    private readonly Argument<string[]> _files = new("FILE") { Description = "The files to show; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public MeasureCommands(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Parameters = new Command("params", "Tells of the parameters that stages read.") { Diff("Compares parameters of two versions.", Measures.ParametersFiles, "Param") };
        var show = new Command("show", "Shows the metrics that stages wrote.") { _files, _markdown };
        show.SetAction(Show);
        Metrics = new Command("metrics", "Tells of the metrics that stages write.") { show, Diff("Compares metrics of two versions.", Measures.MetricsFiles, "Metric") };
    }

    /// <summary>The verb <c>params</c>.</summary>
    public Command Parameters { get; }

    /// <summary>The verb <c>metrics</c>.</summary>
    public Command Metrics { get; }

    private Command Diff(string description, Func<Pipeline, IReadOnlyList<string>> files, string head)
    {
        var diff = new Command("diff", description) { _revisions, _targets, _all, _noPath, _markdown };
        diff.SetAction((parsed, cancellationToken) => DiffAsync(parsed, files, head, cancellationToken));
        return diff;
    }

    private async Task<int> DiffAsync(ParseResult parsed, Func<Pipeline, IReadOnlyList<string>> find, string head, CancellationToken cancellationToken)
    {
        using var place = PipelineWorkplace.Open();
        var targets = (parsed.GetValue(_targets) ?? []).Select(target => PipelinePaths.Combine(place.Folder, target)).ToList();
        var files = targets.Count > 0 ? targets : find(place.Pipeline);
        var revisions = parsed.GetValue(_revisions) ?? [];
        var before = await Snapshot.OfAsync(place.Repository, place.Pipeline, revisions.Length > 0 ? revisions[0] : "HEAD", files, cancellationToken);
        var after = revisions.Length > 1
            ? await Snapshot.OfAsync(place.Repository, place.Pipeline, revisions[1], files, cancellationToken)
            : Snapshot.Workspace(place.Repository);
        var changes = Measures.Compare(files, before, after, parsed.GetValue(_all))
            .Select(file => (PipelinePaths.Relative(place.Folder, file.File), file.Changes)).ToList();
        if (_common.IsJson(parsed))
        {
            await _surroundings.Output.WriteLineAsync(JsonText.Write(Measures.ToValue(changes)));
        }
        else if (changes.Count > 0)
        {
            var hasPath = !parsed.GetValue(_noPath);
            var table = new TextTable([.. hasPath ? ["Path"] : Array.Empty<string>(), head, before.Name, after.Name, "Change"]);
            foreach (var (file, change) in changes.SelectMany(file => file.Item2.Select(change => (file.Item1, change))))
            {
                table.Add([.. hasPath ? [file] : Array.Empty<string>(), change.Name, Show(change.Old), Show(change.New), Show(change.Difference)]);
            }

            Write(table, parsed);
        }

        return ExitCode.Done;
    }

    private int Show(ParseResult parsed)
    {
        using var place = PipelineWorkplace.Open();
        var named = (parsed.GetValue(_files) ?? []).Select(file => PipelinePaths.Combine(place.Folder, file)).ToList();
        var workspace = Snapshot.Workspace(place.Repository);
        var found = (named.Count > 0 ? named : Measures.MetricsFiles(place.Pipeline))
            .Select(file => (File: PipelinePaths.Relative(place.Folder, file), Value: workspace.Value(file)))
            .Where(file => file.Value is not null).ToList();
        if (named.Count > found.Count)
        {
            throw new CommandException(ExitCode.WrongInput, $"there is no file of metrics '{named.First(file => workspace.Text(file) is null)}'");
        }

        if (_common.IsJson(parsed))
        {
            var files = found.Select(file => KeyValuePair.Create<string, Value>(file.File, Data(file.Value!)));
            _surroundings.Output.WriteLine(JsonText.Write(new ValueMap([KeyValuePair.Create<string, Value>("", Data(new ValueMap([.. files])))])));
            return ExitCode.Done;
        }

        var flat = found.Select(file => (file.File, Values: ValueChange.Flat(file.Value))).ToList();
        var names = flat.SelectMany(file => file.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
        var table = new TextTable(["Path", .. names]);
        flat.ForEach(file => table.Add([file.File, .. names.Select(name => Show(file.Values.GetValueOrDefault(name)))]));
        if (flat.Count > 0)
        {
            Write(table, parsed);
        }

        return ExitCode.Done;
    }

    private void Write(TextTable table, ParseResult parsed)
    {
        if (parsed.GetValue(_markdown))
        {
            table.WriteMarkdown(_surroundings.Output);
        }
        else
        {
            table.Write(_surroundings.Output);
        }
    }

    private static ValueMap Data(Value value) => new([KeyValuePair.Create("data", value)]);

    private static string Show(Value? value) => value?.ToString() ?? "-";
}
