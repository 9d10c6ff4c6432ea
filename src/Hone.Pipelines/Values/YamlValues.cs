using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Values;

/// <summary>Values from YAML and back.</summary>
public static class YamlValues
{
    /// <summary>What a node of a YAML document stands for. A date without quotes is a text.</summary>
    public static Value Of(YamlNode node) => node switch
    {
        YamlMap map => new ValueMap(
            [.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Of(entry.Value)))],
            [.. map.Entries.Select(entry => entry.Key.Line)])
        { Line = map.Line },
        YamlList list => new ValueList([.. list.Items.Select(Of)]) { Line = list.Line },
        YamlScalar { Kind: YamlKind.Null } => new NothingValue { Line = node.Line },
        YamlScalar { Kind: YamlKind.Boolean } flag => new FlagValue(flag.Boolean) { Line = node.Line },
        YamlScalar { Kind: YamlKind.Integer } whole => new WholeValue(whole.Integer) { Line = node.Line },
        YamlScalar { Kind: YamlKind.Float } real => new RealValue(real.Float) { Line = node.Line },
        YamlScalar text => new TextValue(text.Text) { Line = node.Line },
        _ => throw new ArgumentException($"A node of type {node?.GetType().Name} is not known.", nameof(node)),
    };

    /// <summary>The node that stands for a value.</summary>
    public static YamlNode Node(Value value) => value switch
    {
        ValueMap map => Node(map),
        ValueList list => new YamlList(list.Items.Select(Node)),
        NothingValue => YamlScalar.Null,
        FlagValue flag => YamlScalar.Of(flag.IsTrue),
        WholeValue whole => YamlScalar.Of(whole.Number),
        RealValue real => YamlScalar.Of(real.Number),
        TextValue text => YamlScalar.Of(text.Text),
        _ => throw new ArgumentException($"A value of type {value?.GetType().Name} is not known.", nameof(value)),
    };

    private static YamlMap Node(ValueMap map)
    {
        var node = new YamlMap();
        foreach (var (key, value) in map.Entries)
        {
            node[key] = Node(value);
        }

        return node;
    }
}
