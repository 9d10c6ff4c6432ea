using System.Globalization;
using System.Text;

namespace Hone.Learning.Data;

/// <summary>A column while its table is read: turns fields into numbers, and categories into codes.</summary>
internal sealed class TableColumn(string name)
{
    /// <summary>More categories are refused: each becomes a feature.</summary>
    public const int MostCategories = 1000;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _categories = [];
    private int _texts;
    private string _text = "";
    private int _textLine;

    public string Name => name;

    public ColumnType Type { get; set; }

    /// <summary>In how many rows a value was missing.</summary>
    public int Missing { get; set; }

    /// <summary>The categories so far, in the order of their codes.</summary>
    public IReadOnlyList<string> Categories => _categories;

    /// <summary>Notes a text in a column of numbers.</summary>
    public void NoteText(ReadOnlySpan<byte> field, int line)
    {
        if (_texts++ == 0)
        {
            (_text, _textLine) = (Encoding.UTF8.GetString(field[..Math.Min(field.Length, 40)]).Trim(), line);
        }
    }

    /// <summary>
    /// What is wrong, with its place, where a column has texts and more numbers: they are slips of the pen rather than a thousand
    /// categories. Null if nothing is.
    /// </summary>
    /// <param name="rows">How many were read.</param>
    public string? MixedWith(int rows)
    {
        var numbers = rows - _texts - Missing;
        return _texts == 0 || numbers <= _texts ? null : string.Create(
            CultureInfo.InvariantCulture,
            $":{_textLine}: column '{name}': '{_text}' is not a number, and {numbers} of {rows} rows have one there. Correct it, or name the column among the categories or those to ignore.");
    }

    /// <summary>Whether a field stands for a value that is not there.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> field)
    {
        var text = field.Trim(" \t"u8);
        return text.Length <= 4 && (text.IsEmpty || text.SequenceEqual("?"u8) || text.SequenceEqual("NA"u8) || text.SequenceEqual("N/A"u8)
            || text.SequenceEqual("null"u8) || text.SequenceEqual("NaN"u8) || text.SequenceEqual("nan"u8));
    }

    /// <summary>Whether a field is not a number of any kind.</summary>
    public static bool IsText(ReadOnlySpan<byte> field) => !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>
    /// Reads what nearly all numbers of a table look like, at most 15 digits with a point among them, five times as fast as the general
    /// way and to the same bit: the digits and the power of ten are exact, so that one division rounds once (Clinger 1990).
    /// </summary>
    public static bool TrySimpleNumber(ReadOnlySpan<byte> field, out double value)
    {
        value = 0;
        var i = field.Length > 0 && field[0] == '-' ? 1 : 0;
        if (field.Length - i is < 1 or > 16)
        {
            return false;
        }

        var (start, digits, point) = (i, 0L, -1);
        for (; i < field.Length; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
            }
            else if (field[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }

        var count = field.Length - start - (point < 0 ? 0 : 1);
        if (count is < 1 or > 15)
        {
            return false;
        }

        value = point < 0 ? digits : digits / Powers[field.Length - 1 - point];
        value = start == 1 ? -value : value;
        return true;
    }

    /// <summary>Puts the categories in order.</summary>
    /// <returns>For each code the one that it becomes.</returns>
    public int[] Sort()
    {
        _categories.Sort(StringComparer.Ordinal);
        var codes = new int[_categories.Count];
        for (var code = 0; code < codes.Length; code++)
        {
            codes[_codes[_categories[code]]] = code;
        }

        return codes;
    }

    /// <summary>The number that stands for a field, or a problem in words.</summary>
    public string? TryRead(ReadOnlySpan<byte> field, out double value) => Type switch
    {
        ColumnType.Category => TryCategory(field, out value),
        ColumnType.Time => TryTime(field, out value),
        _ => TryNumber(field, out value) ? null : Problem(field),
    };

    private static bool TryNumber(ReadOnlySpan<byte> field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Problem(ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 40)]).Trim();
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && !double.TryParse(text, CultureInfo.InvariantCulture, out _)
            ? $"'{text}' is not a number. Code categories as whole numbers."
            : $"'{text}' is not a finite number.";
    }

    private string? TryCategory(ReadOnlySpan<byte> field, out double value)
    {
        var text = Encoding.UTF8.GetString(field).Trim();
        if (!_codes.TryGetValue(text, out var code))
        {
            if (_categories.Count == MostCategories)
            {
                value = 0;
                return $"there are more than {MostCategories} different texts, too many for categories. Ignore the column.";
            }

            code = _categories.Count;
            _codes.Add(text, code);
            _categories.Add(text);
        }

        value = code;
        return null;
    }

    private static string? TryTime(ReadOnlySpan<byte> field, out double value)
    {
        if (TryNumber(field, out value))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 40)]).Trim();
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            value = (time - DateTimeOffset.UnixEpoch).TotalDays;
            return null;
        }

        return $"'{text}' is not a time. Dates such as 2024-01-31 were expected.";
    }
}
