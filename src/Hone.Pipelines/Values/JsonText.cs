using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hone.Pipelines.Values;

/// <summary>Writes and reads JSON as Python's <c>json</c> module does: the run cache's keys are hashes of such texts.</summary>
public static class JsonText
{
    private const int Deepest = 200;

    /// <summary>One line with <c>", "</c> and <c>": "</c> between, in ASCII, NaN and the infinities as bare words.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="isSorted">Whether keys are sorted by code point; otherwise they keep their order.</param>
    public static string Write(Value value, bool isSorted = false)
    {
        var text = new StringBuilder();
        Write(text, value, isSorted);
        return text.ToString();
    }

    /// <summary>A text in quotes, in ASCII.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = new StringBuilder();
        Quote(quoted, text);
        return quoted.ToString();
    }

    /// <summary>Reads a text: JSON as in the standard, and <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>. The last of equal keys counts.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="PipelineException">It is not JSON.</exception>
    public static Value Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new Reader(text, file);
        return reader.Document();
    }

    private static void Write(StringBuilder text, Value value, bool isSorted)
    {
        switch (value)
        {
            case TextValue plain:
                Quote(text, plain.Text);
                break;
            case RealValue real when !double.IsFinite(real.Number):
                text.Append(double.IsNaN(real.Number) ? "NaN" : real.Number > 0 ? "Infinity" : "-Infinity");
                break;
            case ValueList list:
                text.Append('[');
                for (var i = 0; i < list.Items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Write(text, list.Items[i], isSorted);
                }

                text.Append(']');
                break;
            case ValueMap map:
                var entries = isSorted ? map.Entries.OrderBy(entry => entry.Key, CodePointOrder.Instance) : map.Entries.AsEnumerable();
                var separator = "{";
                foreach (var (key, item) in entries)
                {
                    text.Append(separator);
                    Quote(text, key);
                    text.Append(": ");
                    Write(text, item, isSorted);
                    separator = ", ";
                }

                text.Append(map.Entries.Count == 0 ? "{}" : "}");
                break;
            default:
                text.Append(value);
                break;
        }
    }

    private static void Quote(StringBuilder quoted, string text)
    {
        quoted.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                >= ' ' and <= '~' => quoted.Append(c),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        quoted.Append('"');
    }

    private sealed class Reader(string text, string file)
    {
        private int _at;
        private int _depth;

        private int Line => text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1;

        public Value Document()
        {
            var value = Next();
            SkipBlanks();
            return _at == text.Length ? value : throw Wrong("more text after the value");
        }

        private Value Next()
        {
            SkipBlanks();
            if (_at == text.Length)
            {
                throw Wrong("the text ends where a value should stand");
            }

            return text[_at] switch
            {
                '{' => Nested(Map),
                '[' => Nested(List),
                '"' => Plain(new TextValue(Text())),
                't' when Skip("true") => Plain(new FlagValue(true)),
                'f' when Skip("false") => Plain(new FlagValue(false)),
                'n' when Skip("null") => Plain(new NothingValue()),
                'N' when Skip("NaN") => Plain(new RealValue(double.NaN)),
                'I' when Skip("Infinity") => Plain(new RealValue(double.PositiveInfinity)),
                '-' when Skip("-Infinity") => Plain(new RealValue(double.NegativeInfinity)),
                '-' or (>= '0' and <= '9') => Number(),
                var other => throw Wrong($"'{other}' where a value should stand"),
            };
        }

        private static Value Plain(Value value) => value;

        private Value Nested(Func<Value> read)
        {
            if (++_depth > Deepest)
            {
                throw Wrong($"nested more than {Deepest} levels deep");
            }

            var value = read();
            _depth--;
            return value;
        }

        private ValueMap Map()
        {
            var line = Line;
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            var entries = new List<KeyValuePair<string, Value>>();
            _at++;
            for (var isFirst = true; !Closes('}', isFirst); isFirst = false)
            {
                SkipBlanks();
                if (_at == text.Length || text[_at] != '"')
                {
                    throw Wrong("a key in double quotes is missing");
                }

                var key = Text();
                SkipBlanks();
                Take(':');
                var entry = KeyValuePair.Create(key, Next());
                if (places.TryAdd(key, entries.Count))
                {
                    entries.Add(entry);
                }
                else
                {
                    entries[places[key]] = entry;
                }
            }

            return new ValueMap(entries) { Line = line };
        }

        private ValueList List()
        {
            var line = Line;
            var items = new List<Value>();
            _at++;
            for (var isFirst = true; !Closes(']', isFirst); isFirst = false)
            {
                items.Add(Next());
            }

            return new ValueList(items) { Line = line };
        }

        private bool Closes(char end, bool isFirst)
        {
            SkipBlanks();
            if (_at < text.Length && text[_at] == end)
            {
                _at++;
                return true;
            }

            if (!isFirst)
            {
                Take(',');
            }

            return false;
        }

        private string Text()
        {
            var result = new StringBuilder();
            for (_at++; ; _at++)
            {
                if (_at >= text.Length || text[_at] < ' ')
                {
                    throw Wrong("a text has no closing quote");
                }

                if (text[_at] == '"')
                {
                    _at++;
                    return result.ToString();
                }

                result.Append(text[_at] == '\\' ? Escape() : text[_at]);
            }
        }

        private char Escape()
        {
            _at++;
            var letter = _at < text.Length ? text[_at] : '\0';
            if (letter == 'u' && _at + 4 < text.Length
                && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                _at += 4;
                return (char)unit;
            }

            return letter switch
            {
                '"' or '\\' or '/' => letter,
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                _ => throw Wrong("a backslash stands before what cannot follow it"),
            };
        }

        private Value Number()
        {
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '+' or '-' or '.'))
            {
                _at++;
            }

            var word = text.AsSpan(start, _at - start);
            var digits = word[0] == '-' ? word[1..] : word;
            var isShort = digits is ['0'] || (digits.Length > 0 && (digits is not ['0', not ('.' or 'e' or 'E'), ..]));
            if (isShort && digits.IndexOfAnyExceptInRange('0', '9') < 0 && digits.Length > 0)
            {
                return new WholeValue(BigInteger.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
            }

            const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            return isShort && digits.Length > 0 && char.IsAsciiDigit(digits[0]) && char.IsAsciiLetterOrDigit(digits[^1])
                && double.TryParse(word, Real, CultureInfo.InvariantCulture, out var number)
                ? new RealValue(number)
                : throw Wrong($"'{word}' is no number");
        }

        private bool Skip(string word)
        {
            if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
            {
                return false;
            }

            _at += word.Length;
            return true;
        }

        private void SkipBlanks()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\r' or '\t')
            {
                _at++;
            }
        }

        private void Take(char expected)
        {
            if (_at >= text.Length || text[_at] != expected)
            {
                throw Wrong(_at < text.Length ? $"'{text[_at]}' where '{expected}' should stand" : $"the text ends where '{expected}' should stand");
            }

            _at++;
        }

        private PipelineException Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file}:{Line}: not JSON: {what}"), PipelineFault.WrongInput);
    }
}
