namespace Hone;

/// <summary>Finds the name that a person most likely meant to write.</summary>
public static class Spelling
{
    private const int MostLetters = 200;

    /// <summary>
    /// The nearest of several names, the first of equals; null if none is near: more than a third of the letters, and more than 2, would
    /// have to change.
    /// </summary>
    /// <remarks>
    /// By the optimal string alignment distance (Levenshtein 1966, with the swap of two neighbours as one change, after Damerau 1964), where
    /// another case of a letter counts half.
    /// </remarks>
    /// <param name="name">What was written.</param>
    /// <param name="names">What there is.</param>
    public static string? Nearest(string name, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(names);
        string? nearest = null;
        var least = double.PositiveInfinity;
        foreach (var candidate in names)
        {
            var distance = Distance(name, candidate);
            if (distance < least && distance <= Math.Max(2, Math.Max(name.Length, candidate.Length) / 3.0) && distance < candidate.Length)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    private static double Distance(string a, string b)
    {
        if (a.Length > MostLetters || b.Length > MostLetters)
        {
            return double.PositiveInfinity;
        }

        var d = new double[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + Cost(a[i - 1], b[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }

    private static double Cost(char a, char b) => a == b ? 0 : char.ToLowerInvariant(a) == char.ToLowerInvariant(b) ? 0.5 : 1;
}
