using System.Text;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>Replaces <c>${name.key[0]}</c> in the texts of <c>dvc.yaml</c>; <c>\${</c> stands for itself.</summary>
/// <param name="variables">What can be named.</param>
/// <param name="style">How mappings become arguments of a command.</param>
internal sealed class Interpolation(Variables variables, ArgumentStyle style)
{
    private const string Start = "${";

    /// <summary>Whether a text has an expression in it.</summary>
    public static bool HasExpression(string text)
    {
        var at = text.IndexOf(Start, StringComparison.Ordinal);
        while (at > 0 && text[at - 1] == '\\')
        {
            at = text.IndexOf(Start, at + 1, StringComparison.Ordinal);
        }

        return at >= 0;
    }

    /// <summary>A value with all expressions in its texts and keys replaced.</summary>
    /// <param name="value">A text, or what holds texts.</param>
    /// <param name="place">The value's file, line and key, for messages.</param>
    /// <exception cref="PipelineException">An expression is broken or names nothing.</exception>
    public Value Resolve(Value value, Place place) => value switch
    {
        TextValue text => Resolve(text, place),
        ValueList list => new ValueList([.. list.Items.Select((item, i) => Resolve(item, place.At(item.Line, $"{place.Key}[{i}]")))]) { Line = list.Line },
        ValueMap map => Resolve(map, place),
        _ => value,
    };

    /// <summary>A text with all expressions replaced; a mapping becomes arguments where they are allowed.</summary>
    public string Text(string text, Place place, bool isCommand = false)
    {
        var result = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.IndexOf(Start, StringComparison.Ordinal) is >= 0 and var at)
        {
            if (at > 0 && rest[at - 1] == '\\')
            {
                result.Append(rest[..(at - 1)]).Append(Start);
                rest = rest[(at + Start.Length)..];
                continue;
            }

            var end = rest[at..].IndexOf('}');
            if (end < 0)
            {
                throw place.Wrong($"'{rest[at..]}' has no closing brace; write \\${{ for the two characters themselves");
            }

            result.Append(rest[..at]).Append(Show(Value(rest[(at + Start.Length)..(at + end)].ToString(), place), place, isCommand));
            rest = rest[(at + end + 1)..];
        }

        return result.Append(rest).ToString();
    }

    private Value Resolve(TextValue text, Place place)
    {
        var plain = text.Text;
        return plain.StartsWith(Start, StringComparison.Ordinal) && plain.IndexOf('}', StringComparison.Ordinal) == plain.Length - 1
            ? Value(plain[Start.Length..^1], place)
            : new TextValue(Text(plain, place)) { Line = text.Line };
    }

    private ValueMap Resolve(ValueMap map, Place place)
    {
        var entries = map.Entries.Select(entry => KeyValuePair.Create(
            Text(entry.Key, place.At(map.LineOf(entry.Key), $"{place.Key}.{entry.Key}")),
            Resolve(entry.Value, place.At(map.LineOf(entry.Key), $"{place.Key}.{entry.Key}")))).ToList();
        return new ValueMap(entries, [.. map.Keys.Select(map.LineOf)]) { Line = map.Line };
    }

    private Value Value(string expression, Place place)
    {
        var path = Path(expression) ?? throw place.Wrong($"'${{{expression}}}' is no expression; expected a name such as ${{train.layers[0]}}");
        return variables.Find(path) is { } value ? value : throw place.Wrong(Unknown(expression, path));
    }

    private string Unknown(string expression, List<string> path)
    {
        var known = path.Count;
        while (known > 0 && variables.Find(path[..known]) is null)
        {
            known--;
        }

        var names = known == 0 ? variables.Names : variables.Find(path[..known]) is ValueMap map ? map.Keys : [];
        return $"'${{{expression}}}' names nothing: there is no '{string.Join('.', path[..(known + 1)])}'" + (names.Take(12).ToList() is { Count: > 0 } some
            ? $"; there {(some.Count == 1 ? "is" : "are")} {string.Join(", ", some)}"
            : "; there are no variables: write a params.yaml or vars");
    }

    private static List<string>? Path(string expression)
    {
        var path = new List<string>();
        var word = new StringBuilder();
        var text = expression.Trim();
        var afterIndex = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '.';
            if (c is '.' or '[')
            {
                if (word.Length > 0)
                {
                    path.Add(word.ToString());
                    word.Clear();
                }
                else if (!afterIndex)
                {
                    return null;
                }

                afterIndex = false;
                if (c == '[' && text.IndexOf(']', i) is var end && (end < i + 2 || !AddIndex(path, text[(i + 1)..end])))
                {
                    return null;
                }

                afterIndex = c == '[';
                i = c == '[' ? text.IndexOf(']', i) : i;
            }
            else if (afterIndex || c is ']' or '{' or '$' || char.IsWhiteSpace(c))
            {
                return null;
            }
            else
            {
                word.Append(c);
            }
        }

        return path;
    }

    private static bool AddIndex(List<string> path, string index)
    {
        path.Add(index.Trim());
        return path[^1].Length > 0;
    }

    private string Show(Value value, Place place, bool isCommand) => value switch
    {
        NothingValue => "None",
        ValueMap map when isCommand => CommandArguments.Of(map, style, place),
        ValueMap or ValueList => throw place.Wrong(
            $"{value.Kind} cannot stand inside a text{(value is ValueMap ? "; only cmd turns a mapping into arguments" : "")}"),
        _ => value.ToString()!,
    };
}
