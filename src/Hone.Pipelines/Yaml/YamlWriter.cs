using System.Text;

namespace Hone.Pipelines.Yaml;

/// <summary>Writes values as DVC does: block style, lists not indented, text folded at 80 columns, quotes only where YAML 1.2 needs them.</summary>
/// <remarks>The rules are those of ruamel.yaml's round-trip dumper with its defaults, which writes DVC's files.</remarks>
internal sealed class YamlWriter
{
    private const int LongestSimpleKey = 128;
    private readonly StringBuilder _text = new();
    private readonly ScalarWriter _scalars;

    private YamlWriter() => _scalars = new ScalarWriter(_text);

    /// <summary>A document with a map or a list as its root, ending in a newline.</summary>
    public static string Write(YamlNode root)
    {
        var writer = new YamlWriter();
        writer.Value(root, indent: -2, isInMap: false, isRoot: true);
        return writer._text.ToString();
    }

    /// <summary>A value as it stands after a key at <paramref name="indent"/>, from the blank after the colon to the newline.</summary>
    public static string WriteAfterKey(YamlNode value, int indent, int column)
    {
        var writer = new YamlWriter();
        writer._scalars.StartAt(column);
        writer.Value(value, indent, isInMap: true, isRoot: false);
        return writer._text.ToString();
    }

    /// <summary>A key as it is written before its colon.</summary>
    public static string WriteKey(YamlScalar key)
    {
        var writer = new YamlWriter();
        writer._scalars.Write(key, indent: 0, isKey: true);
        return writer._text.ToString();
    }

    // Begins where the last character stands: after "key:", "-" or at the start of the text.
    private void Value(YamlNode node, int indent, bool isInMap, bool isRoot)
    {
        switch (node)
        {
            case YamlMap { Count: > 0 } map:
                Map(map, indent + 2, isInMap, isRoot);
                break;
            case YamlList { Items.Count: > 0 } list:
                List(list, isInMap ? indent : indent + 2, isInMap, isRoot);
                break;
            case YamlMap or YamlList:
                _text.Append(isRoot ? "" : " ").Append(node is YamlMap ? "{}" : "[]").Append('\n');
                break;
            default:
                Scalar((YamlScalar)node, indent, isInMap, isRoot);
                break;
        }
    }

    private void Scalar(YamlScalar scalar, int indent, bool isInMap, bool isRoot)
    {
        if (scalar.Kind == YamlKind.Null)
        {
            _text.Append(isRoot ? "null" : isInMap ? "" : " ");
        }
        else
        {
            _scalars.Write(scalar, indent + 2, isKey: false);
        }

        _text.Append('\n');
    }

    private void Map(YamlMap map, int indent, bool isInMap, bool isRoot)
    {
        var isFirst = !isInMap;
        if (isInMap)
        {
            _text.Append('\n');
        }

        foreach (var (key, value) in map.Entries)
        {
            // The first key of an item stands behind its dash.
            _text.Append(isFirst ? isRoot ? "" : " " : new string(' ', indent));
            _scalars.StartAt(indent);
            isFirst = false;
            Key(key, indent);
            Value(value, indent, isInMap: true, isRoot: false);
        }
    }

    private void Key(YamlScalar key, int indent)
    {
        if (key.Text.Length is > 0 and < LongestSimpleKey && !key.Text.AsSpan().ContainsAny("\n\u0085\u2028\u2029"))
        {
            _scalars.Write(key, indent, isKey: true);
            _text.Append(':');
            _scalars.Skip(1);
            return;
        }

        _text.Append('?');
        _scalars.Skip(1);
        _scalars.Write(key, indent + 2, isKey: false);
        _text.Append('\n').Append(' ', indent).Append(':');
        _scalars.StartAt(indent + 1);
    }

    private void List(YamlList list, int indent, bool isInMap, bool isRoot)
    {
        var isFirst = !isInMap;
        if (isInMap)
        {
            _text.Append('\n');
        }

        foreach (var item in list.Items)
        {
            _text.Append(isFirst ? isRoot ? "" : " " : new string(' ', indent)).Append('-');
            _scalars.StartAt(indent + 1);
            isFirst = false;
            Value(item, indent, isInMap: false, isRoot: false);
        }
    }
}
