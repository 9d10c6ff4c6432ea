namespace Hone.Cli.StudyFiles;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The name with the smallest edit distance (insert, delete, replace, swap neighbours; case counts half), or null if none is near:
    /// more than a third of the letters, and more than 2, would have to change.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
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

    /// <summary>A clause for a message: <c>; did you mean 'x'?</c>, or, if nothing is near, the names to choose from.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> names) => Of(name, names) is { } nearest
        ? $"; did you mean '{nearest}'?"
        : $"; expected {Choices(names)}";

    /// <summary><c>a, b or c</c>.</summary>
    public static string Choices(IReadOnlyCollection<string> names) => names.Count <= 1
        ? string.Concat(names)
        : $"{string.Join(", ", names.SkipLast(1))} or {names.Last()}";

    // Optimal string alignment: the usual table, and the swap of two neighbours counts as one change.
    private static double Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 40 || a.Length > 200)
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
