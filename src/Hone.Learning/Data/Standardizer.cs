using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>
/// Moves each column to mean 0 and scales it to standard deviation 1, as they are in the rows that it was fitted on. A column that is
/// constant there becomes 0 everywhere it has that value.
/// </summary>
public sealed class Standardizer
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    internal Standardizer(double[] means, double[] deviations)
    {
        _means = means;
        _deviations = deviations;
    }

    /// <summary>Mean of each column.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>Standard deviation of each column (population: divided by n); 1 for a constant column.</summary>
    public IReadOnlyList<double> Deviations => _deviations;

    /// <summary>Learns means and deviations from some rows, in double precision and two passes.</summary>
    /// <param name="features">The table.</param>
    /// <param name="rows">The rows for training, from 0; at least one.</param>
    public static Standardizer Fit<T>(Matrix<T> features, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length, nameof(rows));
        var means = new double[features.Columns];
        var squares = new double[features.Columns];
        foreach (var row in rows)
        {
            var values = features.Row(row);
            for (var c = 0; c < means.Length; c++)
            {
                means[c] += double.CreateTruncating(values[c]);
            }
        }

        for (var c = 0; c < means.Length; c++)
        {
            means[c] /= rows.Length;
        }

        foreach (var row in rows)
        {
            var values = features.Row(row);
            for (var c = 0; c < means.Length; c++)
            {
                var distance = double.CreateTruncating(values[c]) - means[c];
                squares[c] += distance * distance;
            }
        }

        for (var c = 0; c < means.Length; c++)
        {
            squares[c] = Deviation(squares[c] / rows.Length, means[c]);
        }

        return new Standardizer(means, squares);
    }

    /// <summary>Leaves every column as it is.</summary>
    /// <param name="columns">How many there are.</param>
    internal static Standardizer Identity(int columns)
    {
        var ones = new double[columns];
        Array.Fill(ones, 1);
        return new Standardizer(new double[columns], ones);
    }

    /// <summary>The rows, scaled, in a matrix of their own.</summary>
    /// <param name="features">A table with the columns of the one fitted.</param>
    /// <param name="rows">Row numbers, from 0, in the order wanted.</param>
    public Matrix<T> Apply<T>(Matrix<T> features, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, _means.Length, nameof(features));
        var scaled = new T[checked(rows.Length * _means.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            var from = features.Row(rows[i]);
            var to = scaled.AsSpan(i * _means.Length, _means.Length);
            for (var c = 0; c < to.Length; c++)
            {
                to[c] = T.CreateTruncating((double.CreateTruncating(from[c]) - _means[c]) / _deviations[c]);
            }
        }

        return new Matrix<T>(rows.Length, _means.Length, scaled);
    }

    // The mean of n equal numbers can miss them by a rounding, which must not be blown up to a deviation of 1.
    private static double Deviation(double variance, double mean)
    {
        var deviation = Math.Sqrt(variance);
        return deviation <= Math.Abs(mean) * 1e-14 ? 1 : deviation;
    }
}
