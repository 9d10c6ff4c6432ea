using System.Globalization;
using System.Numerics;

namespace Hone.Pipelines.Yaml;

/// <summary>Which plain texts are numbers, truth values or dates by YAML 1.2 as DVC reads it, and how numbers are written.</summary>
internal static class YamlNumbers
{
    /// <summary>What a text without quotes stands for.</summary>
    public static YamlKind KindOf(ReadOnlySpan<char> text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Boolean,
        _ when text[0] is not ('-' or '+' or '.' or (>= '0' and <= '9')) => YamlKind.Text,
        _ when IsFloat(text) => YamlKind.Float,
        _ when IsInteger(text) => YamlKind.Integer,
        _ when IsDate(text) => YamlKind.Date,
        _ => YamlKind.Text,
    };

    /// <summary>The value of a text that <see cref="KindOf"/> calls an integer. <c>010</c> is ten, <c>0o10</c> eight.</summary>
    public static BigInteger Integer(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var isNegative = digits.StartsWith('-');
        digits = digits.TrimStart('+', '-');
        var radix = digits.Length > 1 && digits[0] == '0' ? digits[1] : ' ';
        var value = radix switch
        {
            'x' => BigInteger.Parse("0" + digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            'b' => Digits(digits.AsSpan(2), 2),
            'o' => Digits(digits.AsSpan(2), 8),
            _ => Digits(digits, 10),
        };
        return isNegative ? -value : value;
    }

    /// <summary>The value of a text that <see cref="KindOf"/> calls a float.</summary>
    public static double Float(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        return digits.ToUpperInvariant() switch
        {
            ".INF" or "+.INF" => double.PositiveInfinity,
            "-.INF" => double.NegativeInfinity,
            ".NAN" => double.NaN,
            _ => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>
    /// A number as Python shows it: the fewest digits that read back the same, with a dot up to 10^16 and from 10^-4, else with an exponent
    /// of at least two digits; infinities and not-a-number in YAML's words.
    /// </summary>
    public static string Show(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Parts(shortest);
        var sign = value < 0 ? "-" : "";
        return sign + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Positional(digits, exponent));
    }

    private static (string Digits, int Exponent) Parts(string shortest)
    {
        var mantissa = shortest.AsSpan().TrimStart('-');
        var exponent = 0;
        if (mantissa.IndexOf('E') is >= 0 and var at)
        {
            exponent = int.Parse(mantissa[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..at];
        }

        var point = mantissa.IndexOf('.') is >= 0 and var dot ? dot : mantissa.Length;
        var digits = mantissa.ToString().Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return (digits, exponent + point - leading - 1);
    }

    private static string Scientific(string digits, int exponent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");

    private static string Positional(string digits, int exponent) => exponent < 0
        ? "0." + new string('0', -exponent - 1) + digits
        : digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') + ".0"
        : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];

    private static BigInteger Digits(ReadOnlySpan<char> digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = (value * radix) + (digit - '0');
        }

        return value;
    }

    private static bool IsInteger(ReadOnlySpan<char> text)
    {
        text = Unsigned(text);
        return text switch
        {
            ['0', 'b', .. var bits] when bits.Length > 0 => Only(bits, "01_"),
            ['0', 'o', .. var octal] when octal.Length > 0 => Only(octal, "01234567_"),
            ['0', 'x', .. var hex] when hex.Length > 0 => Only(hex, "0123456789abcdefABCDEF_"),
            _ => text.ContainsAnyInRange('0', '9') && Only(text, "0123456789_"),
        };
    }

    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        var unsigned = Unsigned(text);
        if (unsigned is ".inf" or ".Inf" or ".INF")
        {
            return true;
        }

        if (text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        var whole = Run(unsigned);
        if (whole > 0)
        {
            var rest = unsigned[whole..];
            var hasPoint = rest is ['.', ..];
            rest = hasPoint ? rest[(1 + Run(rest[1..]))..] : rest;
            return unsigned[0] != '_' && (rest.Length == 0 ? hasPoint : IsExponent(rest, mustHaveSign: false));
        }

        if (unsigned is not ['.', ..])
        {
            return false;
        }

        var fraction = Run(unsigned[1..]);
        return fraction > 0 && unsigned[1..(1 + fraction)].ContainsAnyInRange('0', '9')
            && (unsigned.Length == 1 + fraction || IsExponent(unsigned[(1 + fraction)..], mustHaveSign: true));
    }

    private static bool IsExponent(ReadOnlySpan<char> text, bool mustHaveSign)
    {
        if (text is not ['e' or 'E', ..])
        {
            return false;
        }

        var digits = Unsigned(text[1..]);
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') && (!mustHaveSign || digits.Length < text.Length - 1);
    }

    private static int Run(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (text[end] == '_' || char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        return end;
    }

    private static bool Only(ReadOnlySpan<char> text, string allowed)
    {
        foreach (var c in text)
        {
            if (!allowed.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Unsigned(ReadOnlySpan<char> text) => text is ['-' or '+', .. var rest] ? rest : text;

    // 2024-01-02, or with a time after T or blanks: only the shape counts.
    private static bool IsDate(ReadOnlySpan<char> text)
    {
        var year = Run(text);
        if (year != 4 || text is not [_, _, _, _, '-', ..])
        {
            return false;
        }

        var month = Run(text[5..]);
        var day = 6 + month <= text.Length && month is 1 or 2 && 5 + month < text.Length && text[5 + month] == '-' ? Run(text[(6 + month)..]) : 0;
        if (day is not (1 or 2))
        {
            return false;
        }

        var time = text[(6 + month + day)..];
        return time.Length == 0 ? month == 2 && day == 2 : IsTime(time);
    }

    private static bool IsTime(ReadOnlySpan<char> text)
    {
        var clock = text[0] is 'T' or 't' ? text[1..] : text.TrimStart(" \t");
        if (clock.Length == text.Length)
        {
            return false;
        }

        var hours = Run(clock);
        return hours is 1 or 2 && clock[hours..] is [':', >= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '9', >= '0' and <= '9', .. var rest]
            && Only(rest, "0123456789.:+-Z \t");
    }
}
