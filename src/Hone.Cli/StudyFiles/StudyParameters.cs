using System.Text.RegularExpressions;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Cli.StudyFiles;

/// <summary>Puts values of the <c>params.yaml</c> beside a study file in place of <c>${name.key}</c>, so that a pipeline's stages and its studies share them.</summary>
/// <remarks>Only names whose first word that file has are replaced: <c>${HOME}</c> in a command stays the shell's.</remarks>
internal sealed partial class StudyParameters
{
    private readonly ValueMap _parameters;
    private readonly Findings _findings;

    private StudyParameters(ValueMap parameters, Findings findings)
    {
        _parameters = parameters;
        _findings = findings;
    }

    /// <summary>A study file's root with values put in; the same root if there is no <c>params.yaml</c>.</summary>
    /// <exception cref="Hone.Pipelines.PipelineException">The <c>params.yaml</c> cannot be read.</exception>
    public static YamlNode Apply(YamlNode root, string directory, Findings findings)
    {
        var path = Path.Combine(directory, ParametersFile.Usual);
        return File.Exists(path) ? new StudyParameters(ParametersFile.Read(File.ReadAllText(path), path), findings).Apply(root, "") : root;
    }

    private YamlNode Apply(YamlNode node, string key) => node switch
    {
        YamlText text => Apply(text, key),
        YamlList list => list with { Items = [.. list.Items.Select((item, i) => Apply(item, $"{key}[{i + 1}]"))] },
        YamlMap map => map with { Entries = [.. map.Entries.Select(entry => entry with { Value = Apply(entry.Value, key.Length == 0 ? entry.Key.Value : $"{key}.{entry.Key.Value}") })] },
        _ => node,
    };

    private YamlNode Apply(YamlText text, string key)
    {
        var all = Expression().Match(text.Value);
        if (all.Success && all.Length == text.Value.Length)
        {
            return Find(all, text, key) is { } whole ? Node(whole, text) : text;
        }

        return all.Success ? text with { Value = Expression().Replace(text.Value, match => Part(match, text, key)) } : text;
    }

    private string Part(Match match, YamlText text, string key)
    {
        if (Find(match, text, key) is not { } value)
        {
            return match.Value;
        }

        if (!value.IsPlain)
        {
            _findings.Add(text, key, $"{match.Value} is {value.Kind}, which cannot stand inside a text");
        }

        return value.ToString()!;
    }

    // Null: not one of ours.
    private Value? Find(Match match, YamlText text, string key)
    {
        var name = match.Groups[1].Value.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        if (_parameters.Find(name.Split('.')[0]) is null)
        {
            return null;
        }

        if (ParametersFile.Find(_parameters, name) is not { } value)
        {
            _findings.Add(text, key, $"{match.Value} names nothing in {ParametersFile.Usual}");
            return null;
        }

        return value;
    }

    private static YamlNode Node(Value value, YamlText at) => value switch
    {
        ValueList list => new YamlList(at.Line, at.Column, [.. list.Items.Select(item => Node(item, at))]),
        ValueMap map => new YamlMap(at.Line, at.Column, [.. map.Entries.Select(entry => new YamlEntry(new YamlText(at.Line, at.Column, entry.Key, IsPlain: true), Node(entry.Value, at), IsMerged: false))]),
        TextValue text => new YamlText(at.Line, at.Column, text.Text, IsPlain: false),
        _ => new YamlText(at.Line, at.Column, value.ToString()!, IsPlain: true),
    };

    [GeneratedRegex(@"\$\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*)\s*\}")]
    private static partial Regex Expression();
}
