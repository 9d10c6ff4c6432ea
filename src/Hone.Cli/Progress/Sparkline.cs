namespace Hone.Cli.Progress;

/// <summary>Draws a row of values as one line of blocks, from the lowest value to the highest.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The values, thinned evenly to a width; a blank where a value is not finite.</summary>
    public static string Draw(ReadOnlySpan<double> values, int width)
    {
        if (values.Length == 0 || width <= 0)
        {
            return "";
        }

        var count = Math.Min(width, values.Length);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        Span<char> line = stackalloc char[Math.Min(count, 200)];
        for (var i = 0; i < line.Length; i++)
        {
            // The last value always shows; the first one of a thinned row does too.
            var at = line.Length == 1 ? values.Length - 1 : (int)((long)i * (values.Length - 1) / (line.Length - 1));
            line[i] = !double.IsFinite(values[at]) ? ' '
                : Blocks[high > low ? (int)Math.Round((values[at] - low) / (high - low) * (Blocks.Length - 1)) : 3];
        }

        return line.ToString();
    }
}
