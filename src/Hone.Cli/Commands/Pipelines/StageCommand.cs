using System.CommandLine;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone stage add</c> and <c>hone stage list</c>.</summary>
internal sealed class StageCommand
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "The stage's name.", HelpName = "NAME", Required = true };
    private readonly Option<string[]> _dependencies = Paths("--deps", "-d", "A file or folder that it reads; may be repeated.");
    private readonly Option<string[]> _parameters = Paths("--params", "-p", "Parameters that it reads: a,b or FILE:a,b; may be repeated.");
    private readonly (Option<string[]> Option, string Key, (string, bool)? Setting)[] _outputs =
    [
        (Paths("--outs", "-o", "A file or folder that it writes; may be repeated."), "outs", null),
        (Paths("--outs-no-cache", "-O", "The same, kept by Git rather than the cache."), "outs", ("cache", false)),
        (Paths("--outs-persist", null, "The same, left in place when the stage runs."), "outs", ("persist", true)),
        (Paths("--metrics", "-m", "A file of metrics that it writes; may be repeated."), "metrics", null),
        (Paths("--metrics-no-cache", "-M", "The same, kept by Git rather than the cache."), "metrics", ("cache", false)),
        (Paths("--plots", null, "A table to be drawn that it writes; may be repeated."), "plots", null),
        (Paths("--plots-no-cache", null, "The same, kept by Git rather than the cache."), "plots", ("cache", false)),
    ];

    private readonly Option<string?> _folder = new("--wdir", "-w") { Description = "The folder in which it runs.", HelpName = "DIR" };
    private readonly Option<string?> _description = new("--desc") { Description = "What it is for.", HelpName = "TEXT" };
    private readonly Option<bool> _always = new("--always-changed") { Description = "Run it every time." };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace a stage of that name." };
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "The command, after --.", Arity = ArgumentArity.OneOrMore };
    private readonly Argument<string[]> _targets = new("TARGET") { Description = "Stages, groups or pipeline files; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = new("--all") { Description = "List the stages of all pipeline files." };
    private readonly Option<bool> _nameOnly = new("--name-only") { Description = "List names alone." };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public StageCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        var add = new Command("add", "Adds a stage to dvc.yaml.") { _name, _dependencies, _parameters, _folder, _description, _always, _force, _command };
        _outputs.ToList().ForEach(output => add.Options.Add(output.Option));
        add.SetAction(Add);
        var list = new Command("list", "Lists stages and what they are for.") { _targets, _all, _nameOnly };
        list.SetAction(List);
        Command = new Command("stage", "Adds and lists stages.") { add, list };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private static Option<string[]> Paths(string name, string? alias, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = "PATH" };
        if (alias is not null)
        {
            option.Aliases.Add(alias);
        }

        return option;
    }

    private int Add(ParseResult parsed)
    {
        using var place = PipelineWorkplace.Open();
        var words = parsed.GetValue(_command)!;
        var entries = new OrderedDictionary<string, Value>(StringComparer.Ordinal)
        {
            ["cmd"] = new TextValue(words.Length == 1 ? words[0] : string.Join(' ', words.Select(Quoted))),
        };
        Put(entries, "wdir", parsed.GetValue(_folder));
        Put(entries, "deps", (parsed.GetValue(_dependencies) ?? []).Select(Value (path) => new TextValue(path)));
        Put(entries, "params", Parameters(parsed.GetValue(_parameters) ?? []));
        foreach (var group in _outputs.GroupBy(output => output.Key))
        {
            Put(entries, group.Key, group.SelectMany(output => (parsed.GetValue(output.Option) ?? []).Select(path => Output(path, output.Setting))));
        }

        if (parsed.GetValue(_always))
        {
            entries["always_changed"] = new FlagValue(true);
        }

        Put(entries, "desc", parsed.GetValue(_description));
        var file = PipelinePaths.Combine(place.Folder, PipelineFile.Name);
        PipelineText.Add(place.Repository, file, parsed.GetValue(_name)!, new ValueMap([.. entries]), parsed.GetValue(_force));
        if (!_common.IsQuiet(parsed))
        {
            _surroundings.Errors.WriteLine($"Added stage '{parsed.GetValue(_name)}' in '{file}'");
        }

        return ExitCode.Done;
    }

    private int List(ParseResult parsed)
    {
        using var place = PipelineWorkplace.Open();
        var targets = parsed.GetValue(_targets) ?? [];
        var stages = targets.Length > 0 || parsed.GetValue(_all) ? place.Find(targets)
            : [.. place.Pipeline.Graph.Stages.Where(stage => stage.File == PipelinePaths.Combine(place.Folder, PipelineFile.Name))];
        stages = [.. stages.Where(stage => !stage.IsTracked)];
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(JsonText.Write(new ValueList([.. stages.Select(stage => new ValueMap(
                [new("stage", new TextValue(stage.Address)), new("description", new TextValue(Words(stage)))]))])));
            return ExitCode.Done;
        }

        var width = stages.Select(stage => stage.Address.Length).DefaultIfEmpty().Max();
        foreach (var stage in stages)
        {
            _surroundings.Output.WriteLine(parsed.GetValue(_nameOnly) ? stage.Address : $"{stage.Address.PadRight(width)}  {Words(stage)}");
        }

        return ExitCode.Done;
    }

    private static string Words(Stage stage)
    {
        string Names(Func<StageOutput, bool> chosen) => string.Join(", ", stage.Outputs.Where(chosen).Select(output => output.Written));
        var (made, told) = (Names(output => output.Use == OutputUse.Plain), Names(output => output.Use != OutputUse.Plain));
        return stage.Description.Length > 0 ? stage.Description.ReplaceLineEndings(" ")
            : made.Length + told.Length > 0 ? string.Join("; ", new[] { made.Length > 0 ? $"Outputs {made}" : "", told.Length > 0 ? $"Reports {told}" : "" }.Where(part => part.Length > 0))
            : stage.Dependencies.Count > 0 ? $"Depends on {string.Join(", ", stage.Dependencies.Select(path => path.Written))}"
            : "No outputs or dependencies";
    }

    private static void Put(OrderedDictionary<string, Value> entries, string key, string? text)
    {
        if (text is not null)
        {
            entries[key] = new TextValue(text);
        }
    }

    private static void Put(OrderedDictionary<string, Value> entries, string key, IEnumerable<Value> items)
    {
        var all = items.ToList();
        if (all.Count > 0)
        {
            entries[key] = new ValueList(all);
        }
    }

    private static Value Output(string path, (string Key, bool Value)? setting) => setting is var (key, value)
        ? new ValueMap([new(path, new ValueMap([new(key, new FlagValue(value))]))])
        : new TextValue(path);

    private static IEnumerable<Value> Parameters(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var names = word[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Value (name) => new TextValue(name)).ToList();
            if (colon < 0)
            {
                foreach (var name in names)
                {
                    yield return name;
                }
            }
            else
            {
                yield return new ValueMap([new(word[..colon], names.Count == 0 ? new NothingValue() : new ValueList(names))]);
            }
        }
    }

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./=,:@%+".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
