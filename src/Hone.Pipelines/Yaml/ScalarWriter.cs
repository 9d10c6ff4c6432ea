using System.Globalization;
using System.Text;

namespace Hone.Pipelines.Yaml;

/// <summary>Writes one scalar: chooses its quotes, escapes it and folds it at 80 columns.</summary>
internal sealed class ScalarWriter(StringBuilder output)
{
    private const int Width = 80;
    private const string Breaks = "\n\u0085\u2028\u2029";
    private const string BlanksAndBreaks = " \n\u0085\u2028\u2029";
    private int _column;
    private int _indent;

    /// <summary>Says in which column the next character stands, and that something stands before it unless it is the first.</summary>
    public void StartAt(int column)
    {
        _column = column;
    }

    /// <summary>Counts characters that somebody else wrote.</summary>
    public void Skip(int characters)
    {
        _column += characters;
    }

    /// <summary>Writes a scalar, with a blank before it unless it is a key.</summary>
    /// <param name="scalar">What to write; not a null.</param>
    /// <param name="indent">Blanks at the start of each further line.</param>
    /// <param name="isKey">Whether it must stay on one line.</param>
    public void Write(YamlScalar scalar, int indent, bool isKey)
    {
        _indent = indent;
        var text = scalar.Kind == YamlKind.Float ? YamlNumbers.Show(scalar.Float)
            : scalar.Kind == YamlKind.Boolean ? (scalar.Boolean ? "true" : "false")
            : scalar.Kind == YamlKind.Integer ? scalar.Integer.ToString(CultureInfo.InvariantCulture)
            : scalar.Text;
        var shape = ScalarShape.Of(text);
        var isPlainText = scalar.Kind != YamlKind.Text || YamlNumbers.KindOf(text) == YamlKind.Text;
        if (!isKey)
        {
            Put(" ");
        }

        if (isPlainText && shape.AllowsPlain && !IsSpecial(text) && !(isKey && text.Length == 0))
        {
            Plain(text, !isKey);
        }
        else if (!shape.AllowsSingleQuotes || text.AsSpan().ContainsAny("'\n") || (isKey && shape.HasBreaks))
        {
            DoubleQuoted(text, !isKey);
        }
        else
        {
            SingleQuoted(text, !isKey);
        }

    }

    private static bool IsSpecial(string text) => text is "<<" or "=";

    private void Put(ReadOnlySpan<char> text)
    {
        output.Append(text);
        _column += text.Length;
    }

    private void NewLine()
    {
        output.Append('\n').Append(' ', _indent);
        _column = _indent;
    }

    private void Plain(string text, bool mayFold)
    {
        var start = 0;
        var isInSpaces = false;
        for (var end = 0; end <= text.Length; end++)
        {
            var isSpace = end < text.Length && text[end] == ' ';
            if (isInSpaces && !isSpace)
            {
                if (start + 1 == end && _column > Width && mayFold)
                {
                    NewLine();
                }
                else
                {
                    Put(text.AsSpan(start, end - start));
                }

                start = end;
            }
            else if (!isInSpaces && (end == text.Length || isSpace))
            {
                // A word longer than a line gets a line of its own.
                if (end - start > Width && _column > _indent && mayFold)
                {
                    NewLine();
                }

                Put(text.AsSpan(start, end - start));
                start = end;
            }

            isInSpaces = isSpace;
        }
    }

    private void SingleQuoted(string text, bool mayFold)
    {
        Put("'");
        var start = 0;
        var isInSpaces = false;
        for (var end = 0; end <= text.Length; end++)
        {
            var isSpace = end < text.Length && text[end] == ' ';
            if (isInSpaces && !isSpace)
            {
                if (start + 1 == end && _column > Width && mayFold && start != 0 && end != text.Length)
                {
                    NewLine();
                }
                else
                {
                    Put(text.AsSpan(start, end - start));
                }

                start = end;
            }
            else if (!isInSpaces && (end == text.Length || isSpace))
            {
                Put(text.AsSpan(start, end - start));
                start = end;
            }

            isInSpaces = isSpace;
        }

        Put("'");
    }

    private void DoubleQuoted(string text, bool mayFold)
    {
        Put("\"");
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            var isAtEnd = end == text.Length;
            if (isAtEnd || MustEscape(text[end]))
            {
                if (start < end)
                {
                    Put(text.AsSpan(start, end - start));
                    start = end;
                }

                if (!isAtEnd)
                {
                    var isPair = char.IsHighSurrogate(text[end]) && end + 1 < text.Length && char.IsLowSurrogate(text[end + 1]);
                    Put(isPair ? string.Create(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(text[end], text[end + 1]):X8}") : Escape(text[end]));
                    end += isPair ? 1 : 0;
                    start = end + 1;
                }
            }

            if (end > 0 && end < text.Length - 1 && (text[end] == ' ' || start >= end) && _column + (end - start) > Width && mayFold)
            {
                start = Fold(text, start, end);
            }
        }

        Put("\"");
    }

    // Breaks a double-quoted text: with a backslash, unless a single blank stands there that the break itself stands for.
    private int Fold(string text, int start, int end)
    {
        var blank = text.IndexOf(' ', end);
        var isSoft = blank >= 0 && !text.AsSpan(end, blank - end).ContainsAny("\"'") && text[end + 1] != ' '
            && !text.AsSpan(end - 1, 2).SequenceEqual("  ");
        if (start < end)
        {
            Put(text.AsSpan(start, end - start));
            start = end;
        }

        if (!isSoft)
        {
            Put("\\");
        }

        NewLine();
        if (text[start] == ' ')
        {
            if (isSoft)
            {
                return start + 1;
            }

            Put("\\");
        }

        return start;
    }

    private static bool MustEscape(char c) => c is '"' or '\\' or '\u0085' or '\u2028' or '\u2029' or '\uFEFF'
        || c is not ((>= ' ' and <= '~') or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD'));

    private static string Escape(char c) => c switch
    {
        '\0' => "\\0",
        '\a' => "\\a",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\v' => "\\v",
        '\f' => "\\f",
        '\r' => "\\r",
        '\u001B' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u0085' => "\\N",
        '\u2028' => "\\L",
        '\u2029' => "\\P",
        <= '\u00FF' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
    };

    /// <summary>What a text's characters allow.</summary>
    /// <param name="AllowsPlain">It may stand without quotes outside of flow style.</param>
    /// <param name="AllowsSingleQuotes">It may stand in single quotes.</param>
    /// <param name="HasBreaks">It has line breaks.</param>
    private readonly record struct ScalarShape(bool AllowsPlain, bool AllowsSingleQuotes, bool HasBreaks)
    {
        public static ScalarShape Of(string text)
        {
            if (text.Length == 0)
            {
                return new ScalarShape(true, true, false);
            }

            var hasBreaks = text.AsSpan().ContainsAny(Breaks);
            var hasSpecial = HasSpecial(text);
            var isEdgeBlank = BlanksAndBreaks.Contains(text[0], StringComparison.Ordinal) || BlanksAndBreaks.Contains(text[^1], StringComparison.Ordinal);
            var mixesBlanks = hasBreaks && MixesBlanks(text);
            return new ScalarShape(
                !hasBreaks && !hasSpecial && !isEdgeBlank && !HasIndicators(text),
                !hasSpecial && !mixesBlanks,
                hasBreaks);
        }

        private static bool HasSpecial(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                i += isPair ? 1 : 0;
                if (!isPair && c is not ('\n' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD')) || c == '\uFEFF')
                {
                    return true;
                }
            }

            return false;
        }

        private static bool MixesBlanks(string text)
        {
            for (var i = 1; i < text.Length; i++)
            {
                if ((text[i] == ' ' && Breaks.Contains(text[i - 1], StringComparison.Ordinal))
                    || (text[i - 1] == ' ' && Breaks.Contains(text[i], StringComparison.Ordinal)))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool HasIndicators(string text)
        {
            if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)
                || "#,[]{}&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal))
            {
                return true;
            }

            for (var i = 0; i < text.Length; i++)
            {
                var isBeforeBlank = i + 1 == text.Length || IsBlank(text[i + 1]);
                if ((text[i] == ':' && isBeforeBlank) || (text[i] == '#' && i > 0 && IsBlank(text[i - 1])) || (i == 0 && text[i] is '?' or '-' && isBeforeBlank))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool IsBlank(char c) => c is '\0' or ' ' or '\t' or '\r' || Breaks.Contains(c, StringComparison.Ordinal);
    }
}
