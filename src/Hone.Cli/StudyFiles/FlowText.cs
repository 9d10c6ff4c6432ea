using System.Globalization;
using System.Text;

namespace Hone.Cli.StudyFiles;

/// <summary>Writes a value of a file as YAML on one line, with aliases written out: read again, it is the same value.</summary>
internal static class FlowText
{
    /// <summary>The text.</summary>
    public static string Of(YamlNode node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(YamlNode node, StringBuilder text)
    {
        switch (node)
        {
            case YamlList list:
                Join(list.Items, item => Write(item, text), '[', ']', text);
                break;
            case YamlMap map:
                Join(map.Entries, entry => Write(entry, text), '{', '}', text);
                break;
            case YamlText { IsNothing: true }:
                text.Append("null");
                break;
            case YamlText { IsPlain: true, Value: var value } when value.All(IsHarmless):
                text.Append(value);
                break;
            default:
                Quote(((YamlText)node).Value, text);
                break;
        }
    }

    private static void Write(YamlEntry entry, StringBuilder text)
    {
        Write(entry.Key, text);
        text.Append(": ");
        Write(entry.Value, text);
    }

    private static void Join<T>(IReadOnlyList<T> items, Action<T> write, char open, char close, StringBuilder text)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            write(items[i]);
        }

        text.Append(close);
    }

    // Numbers and truth values, which must stay without quotes, are made of these; a text may have quotes or not.
    private static bool IsHarmless(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '+' or '-';

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' or '\u007f' or (>= '\u0080' and < '\u00a0') or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        text.Append('"');
    }
}
