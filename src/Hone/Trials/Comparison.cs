using System.Globalization;

namespace Hone.Trials;

/// <summary>The sign of an inequality.</summary>
public enum Comparator
{
    /// <summary>&lt;</summary>
    Below,

    /// <summary>&lt;=</summary>
    AtMost,

    /// <summary>&gt;</summary>
    Above,

    /// <summary>&gt;=</summary>
    AtLeast,
}

/// <summary>An inequality on a metric, e.g. <c>system/memory_megabytes &lt;= 800</c> or <c>max(loss) &gt; 3</c>.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Comparator">The sign.</param>
/// <param name="Limit">The number on the right, in the metric's unit; finite.</param>
/// <param name="Take">Which number of the metric's series is compared; the last value if nothing else is said.</param>
public sealed record Comparison(string Metric, Comparator Comparator, double Limit, Aggregate Take = Aggregate.Last)
{
    /// <summary>Whether a value satisfies the inequality; NaN never does.</summary>
    public bool Holds(double value) => Comparator switch
    {
        Comparator.Below => value < Limit,
        Comparator.AtMost => value <= Limit,
        Comparator.Above => value > Limit,
        _ => value >= Limit,
    };

    /// <summary>How far a value is on the wrong side: 0 if the inequality holds, positive otherwise, infinity for NaN.</summary>
    public double Violation(double value)
    {
        if (Holds(value))
        {
            return 0;
        }

        // A strict inequality fails at equality too, by a distance that must not be 0.
        return double.IsNaN(value) ? double.PositiveInfinity : Math.Max(Math.Abs(value - Limit), double.Epsilon);
    }

    /// <summary>Reads <c>METRIC SIGN NUMBER</c>, the metric plain or in <c>last( )</c>, <c>min( )</c>, <c>max( )</c> or <c>mean( )</c>.</summary>
    /// <exception cref="FormatException">The text is not such an inequality; the message says what is wrong.</exception>
    public static Comparison Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOfAny(['<', '>', '=']);
        if (at < 0)
        {
            throw new FormatException($"'{text}' has no sign. Write METRIC SIGN NUMBER with one of <, <=, >, >=.");
        }

        var length = at + 1 < text.Length && text[at + 1] == '=' ? 2 : 1;
        var comparator = text.Substring(at, length) switch
        {
            "<" => Comparator.Below,
            "<=" => Comparator.AtMost,
            ">" => Comparator.Above,
            ">=" => Comparator.AtLeast,
            var sign => throw new FormatException($"'{text}': the sign '{sign}' is not one of <, <=, >, >=."),
        };
        var right = text[(at + length)..].Trim();
        if (!double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) || !double.IsFinite(limit))
        {
            throw new FormatException($"'{text}': '{right}' is not a number. Write METRIC SIGN NUMBER, the number in the metric's unit.");
        }

        var (metric, take) = Left(text, text[..at].Trim());
        return new Comparison(metric, comparator, limit, take);
    }

    /// <summary>The inequality as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var sign = Comparator switch
        {
            Comparator.Below => "<",
            Comparator.AtMost => "<=",
            Comparator.Above => ">",
            _ => ">=",
        };
        return $"{LeftSide} {sign} {Limit.ToString("R", CultureInfo.InvariantCulture)}";
    }

    private string LeftSide => Take switch
    {
        Aggregate.Min => $"min({Metric})",
        Aggregate.Max => $"max({Metric})",
        Aggregate.Mean => $"mean({Metric})",
        _ => Metric,
    };

    private static (string Metric, Aggregate Take) Left(string text, string left)
    {
        var take = Aggregate.Last;
        if (left.EndsWith(')') && left.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
        {
            take = left[..open].Trim() switch
            {
                "last" => Aggregate.Last,
                "min" => Aggregate.Min,
                "max" => Aggregate.Max,
                "mean" => Aggregate.Mean,
                var name => throw new FormatException($"'{text}': '{name}' is not one of last, min, max, mean."),
            };
            left = left[(open + 1)..^1].Trim();
        }

        return left.Length > 0 && !left.AsSpan().ContainsAny(" \t()")
            ? (left, take)
            : throw new FormatException($"'{text}': '{left}' is not the name of a metric.");
    }
}
