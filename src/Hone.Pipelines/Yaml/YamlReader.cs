using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hone.Pipelines.Yaml;

/// <summary>Reads a YAML document into values that know their places.</summary>
/// <remarks>Aliases and merges are followed; a duplicate key is an error, as it is for DVC. At most 100 levels and 5 million values.</remarks>
internal sealed class YamlReader
{
    private const int Deepest = 100;
    private const int Largest = 5_000_000;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly Parser _parser;
    private int _count;

    private YamlReader(string text, string name)
    {
        _name = name;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads the one document of a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What messages call it: the file's path as the user knows it.</param>
    /// <returns>The root; an empty document is <see cref="YamlScalar.Null"/>.</returns>
    /// <exception cref="PipelineException">It is no YAML. The message has the file, the line and the column.</exception>
    public static YamlNode Read(string text, string name)
    {
        try
        {
            return new YamlReader(text, name).Document();
        }
        catch (YamlException wrong)
        {
            throw new PipelineException(
                $"{name}:{wrong.Start.Line}:{wrong.Start.Column}: this is not valid YAML: {Sentence(wrong.Message)}", PipelineFault.WrongInput, wrong);
        }
    }

    private YamlNode Document()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd or null)
        {
            return YamlScalar.Null;
        }

        Next();
        var root = Node(0);
        Next();
        if (Next() && _parser.Current is DocumentStart second)
        {
            throw Broken(second, "a second document begins; expected one");
        }

        return root;
    }

    private YamlNode Node(int depth)
    {
        var start = _parser.Current!;
        if (depth > Deepest)
        {
            throw Broken(start, $"nested more than {Deepest} levels deep");
        }

        if (++_count > Largest)
        {
            throw Broken(start, $"holds more than {Largest} values");
        }

        var node = start switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart list => List(list, depth),
            MappingStart map => Map(map, depth),
            AnchorAlias alias => Alias(alias),
            _ => throw Broken(start, "a value should stand here"),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } named)
        {
            _anchors[named.Anchor.Value] = node;
        }

        return node;
    }

    private YamlNode Alias(AnchorAlias alias)
    {
        var known = _anchors.TryGetValue(alias.Value.Value, out var node)
            ? node
            : throw Broken(alias, $"the alias '*{alias.Value.Value}' stands for nothing; define '&{alias.Value.Value}' above it");
        return known switch
        {
            YamlList list => Counted(alias, list.Items.Count, new YamlList(list.Items) { Line = Line(alias), Column = Column(alias), IsFlow = true, Start = Start(alias), End = End(alias) }),
            YamlMap map => Counted(alias, map.Count, Copy(map, alias)),
            YamlScalar { Kind: YamlKind.Text } text => YamlScalar.Quoted(text.Text, Line(alias), Column(alias), Start(alias), End(alias)),
            YamlScalar plain => YamlScalar.Plain(plain.Text, Line(alias), Column(alias), Start(alias), End(alias)),
            _ => known,
        };
    }

    private static YamlMap Copy(YamlMap map, AnchorAlias alias)
    {
        var copy = new YamlMap { Line = Line(alias), Column = Column(alias), IsFlow = true, Start = Start(alias), End = End(alias) };
        foreach (var entry in map.Entries)
        {
            copy.TryAdd(entry);
        }

        return copy;
    }

    // Counts what aliases stand for too: a few lines of aliases to aliases can stand for more values than memory holds.
    private YamlNode Counted(ParsingEvent at, int count, YamlNode node)
    {
        _count += count;
        return _count > Largest ? throw Broken(at, $"holds more than {Largest} values, those behind aliases counted") : node;
    }

    private static YamlScalar Value(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty
        ? YamlScalar.Plain(scalar.Value, Line(scalar), Column(scalar), Start(scalar), End(scalar))
        : YamlScalar.Quoted(scalar.Value, Line(scalar), Column(scalar), Start(scalar), End(scalar));

    private YamlList List(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (Next() && _parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        var isFlow = start.Style == SequenceStyle.Flow;
        var end = isFlow ? End(_parser.Current!) : items.Count > 0 ? items[^1].End : End(start);
        return new YamlList(items) { Line = Line(start), Column = Column(start), Start = Start(start), End = end, IsFlow = isFlow };
    }

    private YamlMap Map(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var merged = new List<YamlEntry>();
        while (Next() && _parser.Current is not MappingEnd)
        {
            var keyStart = _parser.Current!;
            var key = Node(depth + 1) as YamlScalar ?? throw Broken(keyStart, "a key must be a text");
            Next();
            var value = Node(depth + 1);
            if (key is { Text: "<<", Kind: YamlKind.Text } && Mappings(value) is { } from)
            {
                merged.AddRange(from.SelectMany(map => map.Entries));
            }
            else if (entries.Exists(entry => entry.Key.Text == key.Text))
            {
                throw Broken(keyStart, $"the key '{key.Text}' stands twice in one mapping; remove one");
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }

        var isFlow = start.Style == MappingStyle.Flow;
        var end = isFlow ? End(_parser.Current!) : entries.Count > 0 ? Math.Max(entries[^1].Value.End, entries[^1].Key.End + 1) : End(start);
        var result = new YamlMap { Line = Line(start), Column = Column(start), Start = Start(start), End = end, IsFlow = isFlow };
        foreach (var entry in entries.Concat(merged))
        {
            result.TryAdd(entry);
        }

        return result;
    }

    private static IEnumerable<YamlMap>? Mappings(YamlNode value) => value switch
    {
        YamlMap map => [map],
        YamlList list when list.Items.All(item => item is YamlMap) => list.Items.Cast<YamlMap>(),
        _ => null,
    };

    private bool Next()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The scanner throws these, without a place, on some broken texts, such as a plain value that ends inside a flow mapping.
            var last = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(last, last, "what follows here cannot be read; look for a missing quote, brace or bracket", unreadable);
        }
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;

    private static int Start(ParsingEvent at) => (int)at.Start.Index;

    private static int End(ParsingEvent at) => (int)at.End.Index;

    private PipelineException Broken(ParsingEvent at, string message) =>
        new($"{_name}:{at.Start.Line}:{at.Start.Column}: {message}", PipelineFault.WrongInput);

    private static string Sentence(string message) => message.TrimEnd('.', ' ') is { Length: > 0 } text
        ? char.ToLowerInvariant(text[0]) + text[1..]
        : "the text ends too early";
}
