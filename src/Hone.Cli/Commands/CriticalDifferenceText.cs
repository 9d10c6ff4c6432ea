using System.Globalization;
using Hone.Analysis.Statistics;

namespace Hone.Cli.Commands;

/// <summary>The critical difference diagram in text: an axis of ranks, a mark a model, and bars over models that are not told apart.</summary>
internal static class CriticalDifferenceText
{
    private const int Width = 61;
    private const string Joined = "not told apart";
    private const string Critical = "critical difference";

    /// <summary>Writes it.</summary>
    public static void Write(ModelComparison tests, TextWriter output)
    {
        var left = tests.Models.Append(Critical).Max(name => name.Length) + 2;
        var last = tests.Models.Count;
        int Place(double rank) => (int)Math.Round((rank - 1) / (last - 1) * (Width - 1));
        void Line(string name, string plot) => output.WriteLine($"{name.PadRight(left)}{plot}".TrimEnd());

        Line("mean rank", Numbers(last, Place));
        Line("", Axis(last, Place));
        foreach (var (name, rank) in tests.Models.Zip(tests.MeanRanks))
        {
            Line(name, new string(' ', Place(rank)) + string.Create(CultureInfo.InvariantCulture, $"● {rank:0.00}"));
        }

        for (var run = 0; run < tests.Indistinct.Count; run++)
        {
            var ranks = tests.Indistinct[run].Select(name => tests.MeanRanks[tests.Models.Index().First(m => m.Item == name).Index]).ToArray();
            Line(run == 0 ? Joined : "", new string(' ', Place(ranks[0])) + new string('━', Math.Max(1, Place(ranks[^1]) - Place(ranks[0]) + 1)));
        }

        var length = Math.Clamp((int)Math.Round(tests.CriticalDifference / (last - 1) * (Width - 1)) + 1, 1, Width);
        Line(Critical, string.Create(
            CultureInfo.InvariantCulture,
            $"{new string('─', length)} {tests.CriticalDifference:0.00}{(tests.CriticalDifference > last - 1 ? ", wider than the axis" : "")} (Nemenyi, {tests.Alpha})"));
    }

    private static string Numbers(int last, Func<double, int> place)
    {
        var line = new char[Width + 8];
        Array.Fill(line, ' ');
        var free = 0;
        for (var rank = 1; rank <= last; rank++)
        {
            var text = rank.ToString(CultureInfo.InvariantCulture);
            if (place(rank) >= free)
            {
                text.CopyTo(line.AsSpan(place(rank)));
                free = place(rank) + text.Length + 1;
            }
        }

        return new string(line);
    }

    private static string Axis(int last, Func<double, int> place)
    {
        var line = new char[Width];
        Array.Fill(line, '─');
        for (var rank = 1; rank <= last; rank++)
        {
            line[place(rank)] = rank == 1 ? '├' : rank == last ? '┤' : '┼';
        }

        return new string(line);
    }
}
