using System.Globalization;
using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>
/// Draws rows of a stand-in for PMLB's 1191_BNG_pbc: a smoothed bootstrap of the Mayo Clinic PBC table with the same columns. It is not
/// that data set; scores on it say nothing of scores on 1191_BNG_pbc.
/// </summary>
/// <remarks>
/// u(i, k) is the output k + 1 + 64 i of SplitMix64 started at 1191, as a number from 0 to 1. Row i takes the source row ⌊418 u(i, 0)⌋. A
/// number in column c is the source's plus 0.6 deviations times u(i, 1 + 2c) + u(i, 2 + 2c) - 1, kept within the source's range and
/// rounded to six decimals; a code is, where u(i, 1 + 2c) is below 0.05, that of source row ⌊418 u(i, 2 + 2c)⌋, else the source row's.
/// </remarks>
public static class PbcStandIn
{
    private const ulong Seed = 1191;
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const double Width = 0.6;

    // Standard deviations of the source's columns of numbers, fixed here so that no order of summation matters; 0 for columns of codes.
    private static readonly double[] Deviations =
        [0, 0, 10.43, 0, 0, 0, 0, 0, 4.402, 192.9, 0.4245, 74.40, 1873.0, 49.03, 53.99, 96.91, 1.018, 0, 1103.0];

    /// <summary>Name of the source, which ships with Hone.</summary>
    public const string Source = "pbc";

    /// <summary>The first rows of the stand-in as a table; <c>pbc_standin</c> has 1,000,000.</summary>
    /// <param name="rows">How many, at least 1.</param>
    public static Dataset<T> Draw<T>(int rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var source = DataSource.Load<double>(Source);
        var columns = source.Columns.Count;
        var features = new T[checked(rows * columns)];
        var targets = new double[rows];
        Span<double> row = stackalloc double[columns + 1];
        var generator = new Generator(source);
        for (var i = 0; i < rows; i++)
        {
            generator.Draw((ulong)i, row);
            for (var c = 0; c < columns; c++)
            {
                features[(i * columns) + c] = T.CreateTruncating(row[c]);
            }

            targets[i] = row[columns];
        }

        return new Dataset<T>("pbc_standin", new Matrix<T>(rows, columns, features), targets, source.Columns);
    }

    /// <summary>Writes rows as tab-separated text under a header, numbers with six decimals.</summary>
    /// <param name="rows">How many, at least 0.</param>
    /// <param name="output">Gets the lines.</param>
    public static void Write(int rows, TextWriter output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentNullException.ThrowIfNull(output);
        var source = DataSource.Load<double>(Source);
        output.Write(string.Join('\t', source.Columns) + "\ttarget\n");
        var generator = new Generator(source);
        Span<double> row = stackalloc double[Deviations.Length];
        for (var i = 0; i < rows; i++)
        {
            generator.Draw((ulong)i, row);
            for (var c = 0; c < row.Length; c++)
            {
                output.Write(row[c].ToString(Deviations[c] > 0 ? "F6" : "F0", CultureInfo.InvariantCulture));
                output.Write(c < row.Length - 1 ? '\t' : '\n');
            }
        }
    }

    private sealed class Generator
    {
        private readonly double[][] _columns;
        private readonly (double Least, double Most)[] _ranges;
        private readonly int _rows;

        public Generator(Dataset<double> source)
        {
            _rows = source.Features.Rows;
            _columns = [.. source.Columns.Select(column => source.Column(column)!), source.Targets];
            _ranges = Array.ConvertAll(_columns, column => (column.Min(), column.Max()));
        }

        public void Draw(ulong i, Span<double> row)
        {
            var s = (int)(Uniform(i, 0) * _rows);
            for (var c = 0; c < row.Length; c++)
            {
                var (a, b) = (Uniform(i, (ulong)(1 + (2 * c))), Uniform(i, (ulong)(2 + (2 * c))));
                row[c] = Deviations[c] == 0
                    ? _columns[c][a < 0.05 ? (int)(b * _rows) : s]
                    : Math.Round(
                        Math.Clamp(_columns[c][s] + (Width * Deviations[c] * (a + b - 1)), _ranges[c].Least, _ranges[c].Most) * 1e6) / 1e6;
            }
        }

        private static double Uniform(ulong i, ulong k)
        {
            var z = Seed + (((i * 64) + k + 1) * Golden);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (z >> 11) * (1.0 / (1UL << 53));
        }
    }
}
