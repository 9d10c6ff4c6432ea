using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Learning.Data;

/// <summary>
/// Makes features that a model can learn from: fills in what is missing, gives each category a feature of its own (1 or 0), and moves and
/// scales every feature to mean 0 and standard deviation 1, all as they are in the rows that it was fitted on. Immutable.
/// </summary>
/// <remarks>A category that was not known when the table was read has 0 in all features of its column.</remarks>
public sealed class Preprocessor
{
    // Found when something asks for them: the medians of a table of images take longer than all else that is learned here.
    private readonly Lazy<double[]> _fills;
    private readonly IReadOnlyList<IReadOnlyList<string>> _categories;
    private readonly bool _isPlain;

    internal Preprocessor(double[] fills, IReadOnlyList<IReadOnlyList<string>> categories, Standardizer scaler)
        : this(new Lazy<double[]>(fills), categories, scaler)
    {
    }

    private Preprocessor(Lazy<double[]> fills, IReadOnlyList<IReadOnlyList<string>> categories, Standardizer scaler)
    {
        _fills = fills;
        _categories = categories;
        Scaler = scaler;
        _isPlain = categories.All(names => names.Count == 0);
        Outputs = OutputsOf(categories);
    }

    /// <summary>How many features it makes.</summary>
    public int Outputs { get; }

    /// <summary>What each column is filled in with: a number, or the position of a category.</summary>
    /// <remarks>Where nothing is missing in the rows that it was fitted on, they are found when they are first read.</remarks>
    public IReadOnlyList<double> Fills => _fills.Value;

    /// <summary>The categories of each column; none for numbers.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories => _categories;

    /// <summary>Moves and scales the features after the categories were spread out.</summary>
    public Standardizer Scaler { get; }

    /// <summary>Learns medians, most frequent categories, means and deviations from some rows.</summary>
    /// <param name="data">The table.</param>
    /// <param name="rows">The rows for training, from 0; at least one.</param>
    /// <param name="scales">Whether features are moved and scaled; otherwise they stay as they are.</param>
    /// <exception cref="DataException">A column has no value in any of the rows.</exception>
    public static Preprocessor Fit<T>(Dataset<T> data, ReadOnlySpan<int> rows, bool scales = true)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        var categories = data.Categories.Count > 0 ? data.Categories : [.. data.Columns.Select(_ => (IReadOnlyList<string>)[])];
        if (categories.All(names => names.Count == 0) && !HasMissing(data.Features, rows))
        {
            var kept = rows.ToArray();
            return new Preprocessor(
                new Lazy<double[]>(() => FillsOf(data, kept, categories)), categories,
                scales ? Standardizer.Fit(data.Features, rows) : Standardizer.Identity(data.Features.Columns));
        }

        var fills = FillsOf(data, rows, categories);
        if (!scales)
        {
            return new Preprocessor(fills, categories, Standardizer.Identity(OutputsOf(categories)));
        }

        var spread = new Preprocessor(fills, categories, new Standardizer([], [])).Spread(data.Features, rows);
        return new Preprocessor(fills, categories, Standardizer.Fit(spread, Positions(spread.Rows)));
    }

    /// <summary>The features of some rows, in a matrix of their own.</summary>
    /// <param name="features">A table with the columns of the one fitted; NaN where a value is missing.</param>
    /// <param name="rows">Row numbers, from 0, in the order wanted.</param>
    public Matrix<T> Apply<T>(Matrix<T> features, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, _categories.Count, nameof(features));
        if (_isPlain && !HasMissing(features, rows))
        {
            return Scaler.Apply(features, rows);
        }

        return Scaler.Apply(Spread(features, rows), Positions(rows.Length));
    }

    internal static int OutputsOf(IReadOnlyList<IReadOnlyList<string>> categories) => categories.Sum(names => Math.Max(1, names.Count));

    private Matrix<T> Spread<T>(Matrix<T> features, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var fills = _fills.Value;
        var values = new T[checked(rows.Length * Outputs)];
        var to = 0;
        foreach (var row in rows)
        {
            var from = features.Row(row);
            for (var c = 0; c < from.Length; c++)
            {
                var value = T.IsNaN(from[c]) ? T.CreateTruncating(fills[c]) : from[c];
                var count = _categories[c].Count;
                if (count == 0)
                {
                    values[to++] = value;
                    continue;
                }

                var code = int.CreateTruncating(value);
                if (code >= 0 && code < count)
                {
                    values[to + code] = T.One;
                }

                to += count;
            }
        }

        return new Matrix<T>(rows.Length, Outputs, values);
    }

    private static double[] FillsOf<T>(Dataset<T> data, ReadOnlySpan<int> rows, IReadOnlyList<IReadOnlyList<string>> categories)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var fills = new double[categories.Count];
        for (var c = 0; c < fills.Length; c++)
        {
            fills[c] = Fill(data, rows, c, categories[c].Count);
        }

        return fills;
    }

    private static double Fill<T>(Dataset<T> data, ReadOnlySpan<int> rows, int column, int categories)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var known = new List<double>(rows.Length);
        foreach (var row in rows)
        {
            var value = data.Features[row, column];
            if (!T.IsNaN(value))
            {
                known.Add(double.CreateTruncating(value));
            }
        }

        if (known.Count == 0)
        {
            throw new DataException($"{data.Name}: column '{data.Columns[column]}' has no value in any of the rows for training. Ignore it.");
        }

        var values = CollectionsMarshal.AsSpan(known);
        return categories > 0
            ? known.GroupBy(code => code).MaxBy(group => group.Count())!.Key
            : (Smallest(values, (values.Length - 1) / 2) + Smallest(values, values.Length / 2)) / 2;
    }

    /// <summary>The value at a position of the sorted values (Hoare 1961), which a million rows get sooner than a sort.</summary>
    private static double Smallest(Span<double> values, int position)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[low + ((high - low) / 2)];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (position <= j)
            {
                high = j;
            }
            else if (position >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return values[position];
    }

    private static bool HasMissing<T>(Matrix<T> features, ReadOnlySpan<int> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var row in rows)
        {
            foreach (var value in features.Row(row))
            {
                if (T.IsNaN(value))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int[] Positions(int count) => [.. Enumerable.Range(0, count)];
}
