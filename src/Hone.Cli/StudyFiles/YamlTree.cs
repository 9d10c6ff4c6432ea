using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads a YAML text into nodes that know their places. Anchors, aliases and <c>&lt;&lt;</c> are followed.</summary>
internal sealed class YamlTree
{
    private const int Deepest = 40;
    private const long Largest = 100_000;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private long _size;

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The root of the only document; null if there is none or the text is not YAML, which is then among the findings.</summary>
    public static YamlNode? Read(string text, Findings findings)
    {
        try
        {
            return new YamlTree(text).Document();
        }
        catch (YamlException broken)
        {
            var (line, column) = (broken.Start.Line, broken.Start.Column);
            var (tabLine, tabColumn) = FirstTab(text);
            if (tabLine > 0 && tabLine <= line + 1)
            {
                findings.AddToFile(tabLine, tabColumn, "a tab indents this line; YAML indents with blanks");
            }
            else
            {
                findings.AddToFile(line, column, $"not YAML: {Sentence(broken.Message)}");
            }

            return null;
        }
    }

    private YamlNode? Document()
    {
        Expect<StreamStart>();
        if (!Next() || _parser.Current is StreamEnd)
        {
            return null;
        }

        Expect<DocumentStart>(moveFirst: false);
        Next();
        var root = Node(0);
        Expect<DocumentEnd>();
        if (Next() && _parser.Current is DocumentStart second)
        {
            throw Broken(second, "a second document begins; a study file holds one");
        }

        return root;
    }

    // The current event is the node's first; afterwards it is its last.
    private YamlNode Node(int depth)
    {
        var start = _parser.Current!;
        if (depth > Deepest)
        {
            throw Broken(start, $"nested more than {Deepest} levels deep");
        }

        var node = start switch
        {
            Scalar scalar => new YamlText(scalar.Start.Line, scalar.Start.Column, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => List(start, depth),
            MappingStart => Map(start, depth),
            AnchorAlias alias => _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw Broken(alias, $"the alias '*{alias.Value.Value}' stands for nothing; define '&{alias.Value.Value}' above it"),
            _ => throw Broken(start, $"{start.GetType().Name} where a value should stand"),
        };
        Count(start, node);
        if (start is NodeEvent { Anchor.IsEmpty: false } named)
        {
            _anchors[named.Anchor.Value] = node;
        }

        return node;
    }

    // Counts what aliases stand for too: a few lines of aliases to aliases can stand for more values than memory holds.
    private void Count(ParsingEvent at, YamlNode node)
    {
        _size += node is YamlText || at is AnchorAlias ? node.Size : 1;
        if (_size > Largest)
        {
            throw Broken(at, $"holds more than {Largest} values, those behind aliases counted");
        }
    }

    private YamlList List(ParsingEvent start, int depth)
    {
        var items = new List<YamlNode>();
        while (Next() && _parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return new YamlList(start.Start.Line, start.Start.Column, items);
    }

    private YamlMap Map(ParsingEvent start, int depth)
    {
        var entries = new List<YamlEntry>();
        var merged = new List<YamlEntry>();
        while (Next() && _parser.Current is not MappingEnd)
        {
            var keyStart = _parser.Current!;
            var key = Node(depth + 1) as YamlText ?? throw Broken(keyStart, "a key must be a text; put it in quotes if it has braces or brackets");
            Next();
            var value = Node(depth + 1);
            if (key is { Value: "<<", IsPlain: true } && Mappings(value) is { } from)
            {
                merged.AddRange(from.SelectMany(map => map.Entries).Select(entry => entry with { IsMerged = true }));
            }
            else
            {
                entries.Add(new YamlEntry(key, value, IsMerged: false));
            }
        }

        // What stands in the mapping itself overrides what is merged into it, and the first merged one wins.
        foreach (var entry in merged.Where(entry => !entries.Any(e => e.Key.Value == entry.Key.Value)).ToList())
        {
            if (!entries.Any(e => e.Key.Value == entry.Key.Value))
            {
                entries.Add(entry);
            }
        }

        return new YamlMap(start.Start.Line, start.Start.Column, entries);
    }

    private static IEnumerable<YamlMap>? Mappings(YamlNode value) => value switch
    {
        YamlMap map => [map],
        YamlList list when list.Items.All(item => item is YamlMap) => list.Items.Cast<YamlMap>(),
        _ => null,
    };

    private void Expect<T>(bool moveFirst = true)
        where T : ParsingEvent
    {
        if ((moveFirst && !Next()) || _parser.Current is not T)
        {
            throw new YamlException($"{typeof(T).Name} is missing");
        }
    }

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

    private static YamlException Broken(ParsingEvent at, string message) => new(at.Start, at.End, message);

    private static (int Line, int Column) FirstTab(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line.Length - line.TrimStart(" \t").Length;
            if (indent < line.Length && line[..indent].IndexOf('\t') is >= 0 and var at)
            {
                return (number, at + 1);
            }
        }

        return (0, 0);
    }

    private static string Sentence(string message) => message.TrimEnd('.', ' ') is { Length: > 0 } text
        ? char.ToLowerInvariant(text[0]) + text[1..]
        : "the text ends too early";
}
