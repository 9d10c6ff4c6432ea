using System.Globalization;
using System.Numerics;

namespace Hone.Pipelines.Values;

/// <summary>Reads TOML 1.0. Dates and times are texts, as they are written.</summary>
public static class TomlText
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="PipelineException">It is not TOML.</exception>
    public static ValueMap Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Reader(new TomlCursor(text, file)).Document();
    }

    // A table while it is being read: keys may come later, from other headers.
    private sealed class Table
    {
        private readonly List<string> _order = [];
        private readonly Dictionary<string, object> _content = new(StringComparer.Ordinal);

        /// <summary>Whether a header or an inline table has said what is in it; keys of others may not be added then.</summary>
        public bool IsClosed { get; set; }

        public bool TryAdd(string key, object content)
        {
            if (!_content.TryAdd(key, content))
            {
                return false;
            }

            _order.Add(key);
            return true;
        }

        public object? Find(string key) => _content.GetValueOrDefault(key);

        public ValueMap Frozen() => new([.. _order.Select(key => KeyValuePair.Create(key, Frozen(_content[key])))]);

        private static Value Frozen(object content) => content switch
        {
            Table table => table.Frozen(),
            List<Table> tables => new ValueList([.. tables.Select(table => (Value)table.Frozen())]),
            _ => (Value)content,
        };
    }

    private sealed class Reader(TomlCursor cursor)
    {
        private readonly Table _root = new();

        public ValueMap Document()
        {
            var current = _root;
            for (cursor.SkipEmptyLines(); !cursor.IsAtEnd; cursor.SkipEmptyLines())
            {
                if (cursor.Current == '[')
                {
                    current = Header();
                }
                else
                {
                    Assign(current);
                }

                cursor.EndLine();
            }

            return _root.Frozen();
        }

        private Table Header()
        {
            cursor.Take('[');
            var isArray = cursor.Skip('[');
            var path = Path();
            cursor.Take(']');
            if (isArray)
            {
                cursor.Take(']');
            }

            var parent = Descend(_root, path, isHeader: true);
            return isArray ? Element(parent, path[^1]) : Named(parent, path[^1]);
        }

        private Table Element(Table parent, string name)
        {
            if (parent.Find(name) is not { } known)
            {
                parent.TryAdd(name, known = new List<Table>());
            }

            if (known is not List<Table> elements)
            {
                throw cursor.Wrong($"'{name}' is no list of tables");
            }

            elements.Add(new Table());
            return elements[^1];
        }

        private Table Named(Table parent, string name)
        {
            if (parent.Find(name) is not { } known)
            {
                parent.TryAdd(name, known = new Table());
            }

            if (known is not Table { IsClosed: false } table)
            {
                throw cursor.Wrong($"'{name}' is defined twice");
            }

            table.IsClosed = true;
            return table;
        }

        private void Assign(Table table)
        {
            var path = Path();
            cursor.Take('=');
            cursor.SkipBlanks();
            var parent = Descend(table, path, isHeader: false);
            if (!parent.TryAdd(path[^1], Value()))
            {
                throw cursor.Wrong($"'{path[^1]}' is defined twice");
            }
        }

        private Table Descend(Table from, List<string> path, bool isHeader)
        {
            foreach (var name in path.SkipLast(1))
            {
                if (from.Find(name) is not { } known)
                {
                    from.TryAdd(name, known = new Table());
                }

                from = known switch
                {
                    Table table => table,
                    List<Table> tables when isHeader => tables[^1],
                    _ => throw cursor.Wrong($"'{name}' is no table"),
                };
            }

            return from;
        }

        private List<string> Path()
        {
            var path = new List<string>();
            do
            {
                cursor.SkipBlanks();
                path.Add(cursor.Key());
                cursor.SkipBlanks();
            }
            while (cursor.Skip('.'));

            return path;
        }

        private Value Value()
        {
            var line = cursor.Line;
            return cursor.Current switch
            {
                '"' or '\'' => new TextValue(cursor.Quoted()) { Line = line },
                '[' => Array(),
                '{' => Inline(),
                _ => TomlWord.Value(cursor, line),
            };
        }

        private ValueList Array()
        {
            var line = cursor.Line;
            var items = new List<Value>();
            cursor.Enter();
            cursor.Take('[');
            for (cursor.SkipEmptyLines(); !cursor.Skip(']'); cursor.SkipEmptyLines())
            {
                items.Add(Value());
                cursor.SkipEmptyLines();
                if (!cursor.Skip(','))
                {
                    cursor.Take(']');
                    break;
                }
            }

            cursor.Leave();
            return new ValueList(items) { Line = line };
        }

        private ValueMap Inline()
        {
            var table = new Table();
            cursor.Enter();
            cursor.Take('{');
            cursor.SkipBlanks();
            while (!cursor.Skip('}'))
            {
                Assign(table);
                cursor.SkipBlanks();
                if (!cursor.Skip(','))
                {
                    cursor.Take('}');
                    break;
                }
            }

            cursor.Leave();
            return table.Frozen();
        }
    }
}

/// <summary>Values of TOML that are neither texts nor lists nor tables.</summary>
internal static class TomlWord
{
    public static Value Value(TomlCursor cursor, int line)
    {
        var word = cursor.Word();
        var plain = word.Replace("_", "", StringComparison.Ordinal);
        return word switch
        {
            "true" => new FlagValue(true) { Line = line },
            "false" => new FlagValue(false) { Line = line },
            "inf" or "+inf" => new RealValue(double.PositiveInfinity) { Line = line },
            "-inf" => new RealValue(double.NegativeInfinity) { Line = line },
            "nan" or "+nan" or "-nan" => new RealValue(double.NaN) { Line = line },
            _ when Whole(plain) is { } whole => new WholeValue(whole) { Line = line },
            _ when IsDate(word) => new TextValue(word) { Line = line },
            _ when plain.Length > 0 && char.IsAsciiLetterOrDigit(plain[^1]) && double.TryParse(
                plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real)
                => new RealValue(real) { Line = line },
            _ => throw cursor.Wrong(word.Length == 0 ? "a value is missing" : $"'{word}' is no value; put texts in quotes"),
        };
    }

    private static BigInteger? Whole(string word)
    {
        var radix = word.Length > 2 && word[0] == '0' ? word[1] switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        if (radix == 10)
        {
            var digits = word.TrimStart('+', '-');
            return digits.Length > 0 && word.Length - digits.Length <= 1 && digits.All(char.IsAsciiDigit) && (digits == "0" || digits[0] != '0')
                ? BigInteger.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : null;
        }

        var number = BigInteger.Zero;
        foreach (var c in word.AsSpan(2))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            number = (number * radix) + digit;
        }

        return number;
    }

    private static bool IsDate(string word) => word.Length >= 8
        && (DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) && (word[2] == ':' || (word.Length >= 10 && word[4] == '-')));
}
