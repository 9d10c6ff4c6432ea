using System.Globalization;
using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>What is to be learned from a table.</summary>
public enum LearningTask
{
    /// <summary>A number.</summary>
    Regression,

    /// <summary>One of two classes.</summary>
    Binary,

    /// <summary>One of three or more classes.</summary>
    Multiclass,
}

/// <summary>A table of numbers: features to learn from, and a target to learn. Immutable.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: what the features are stored in.</typeparam>
public sealed class Dataset<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostClasses = 1000;
    private const double ExactWholeNumbers = 1L << 53;

    private readonly string _targetName;
    private readonly double[] _classes;
    private readonly string? _whyNoClasses;

    /// <param name="name">A file's name or that of a shipped set; stands in front of error messages.</param>
    /// <param name="features">One row an example, as read: not scaled.</param>
    /// <param name="targets">One an example.</param>
    /// <param name="columns">Names of the features, in order.</param>
    /// <param name="targetName">Name of the target's column.</param>
    /// <exception cref="ArgumentException">The counts of rows or of columns differ.</exception>
    public Dataset(string name, Matrix<T> features, double[] targets, IReadOnlyList<string> columns, string targetName = "target")
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(columns);
        if (features.Rows != targets.Length || features.Columns != columns.Count)
        {
            throw new ArgumentException(
                $"{features.Rows} x {features.Columns} features do not go with {targets.Length} targets and {columns.Count} names.");
        }

        Name = name;
        Features = features;
        Targets = targets;
        Columns = columns;
        _targetName = targetName;
        (_classes, _whyNoClasses) = FindClasses();
    }

    /// <summary>A file's name or that of a shipped set.</summary>
    public string Name { get; }

    /// <summary>One row an example, as read: not scaled.</summary>
    public Matrix<T> Features { get; }

    /// <summary>One target an example, as read: a number to predict, or the code of a class.</summary>
    public double[] Targets { get; }

    /// <summary>Names of the features, in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Name of the target's column.</summary>
    public string TargetName => _targetName;

    /// <summary>
    /// For each feature its categories, a value being a position in the list; none for a feature of numbers. By default all are numbers.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories { get; init; } = [];

    /// <summary>The texts that the targets' codes stand for; empty where targets were read as numbers.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>
    /// What the target looks like: a class where it has only whole numbers, few different ones for the number of rows (each twice on
    /// average, and 1000 at most). A learner of numbers may use a target of classes all the same.
    /// </summary>
    public LearningTask Task => _classes.Length switch
    {
        < 2 => LearningTask.Regression,
        2 => LearningTask.Binary,
        _ => LearningTask.Multiclass,
    };

    /// <summary>The codes of the classes in ascending order; a label is a position in this list. Empty if the target is not a class.</summary>
    public IReadOnlyList<double> Classes => _classes;

    /// <summary>The label of each row: the position of its target in <see cref="Classes"/>.</summary>
    /// <exception cref="DataException">The target is not a class; the message says why.</exception>
    public int[] Labels()
    {
        if (_whyNoClasses is not null)
        {
            if (ClassNames.Count == 1)
            {
                throw new DataException($"{Name}: column '{_targetName}' holds one text only, '{ClassNames[0]}'. A classifier needs two classes or more.");
            }

            throw new DataException($"{Name}: column '{_targetName}' {_whyNoClasses}");
        }

        return Array.ConvertAll(Targets, target => Array.BinarySearch(_classes, target));
    }

    /// <summary>Some of the rows, scaled, ready to learn from.</summary>
    /// <param name="rows">Row numbers, from 0, in the order wanted.</param>
    /// <param name="scaler">Fitted on rows that are used for training alone.</param>
    /// <param name="asClasses">Whether the target is a class; otherwise it is a number.</param>
    /// <exception cref="DataException">Classes are wanted and the target is none.</exception>
    public Examples<T> Select(ReadOnlySpan<int> rows, Standardizer scaler, bool asClasses)
    {
        ArgumentNullException.ThrowIfNull(scaler);
        return Select(rows, scaler.Apply(Features, rows), asClasses);
    }

    private Examples<T> Select(ReadOnlySpan<int> rows, Matrix<T> features, bool asClasses)
    {
        var labels = asClasses ? Labels() : null;
        var targets = new T[rows.Length];
        var picked = new int[labels is null ? 0 : rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            targets[i] = T.CreateChecked(Targets[rows[i]]);
            if (labels is not null)
            {
                picked[i] = labels[rows[i]];
            }
        }

        return new Examples<T>(features, targets, picked, asClasses ? _classes.Length : 0);
    }

    /// <summary>Some of the rows, preprocessed, ready to learn from.</summary>
    /// <param name="rows">Row numbers, from 0, in the order wanted.</param>
    /// <param name="preprocessor">Fitted on rows that are used for training alone.</param>
    /// <param name="asClasses">Whether the target is a class; otherwise it is a number.</param>
    /// <exception cref="DataException">Classes are wanted and the target is none, or the other way round.</exception>
    public Examples<T> Select(ReadOnlySpan<int> rows, Preprocessor preprocessor, bool asClasses)
    {
        ArgumentNullException.ThrowIfNull(preprocessor);
        if (!asClasses && ClassNames.Count > 0)
        {
            throw new DataException($"{Name}: column '{_targetName}' holds texts such as '{ClassNames[0]}'. Use a learner of classes.");
        }

        return Select(rows, preprocessor.Apply(Features, rows), asClasses);
    }

    /// <summary>The values of one feature, unscaled; null if there is none of that name.</summary>
    public double[]? Column(string name)
    {
        for (var c = 0; c < Columns.Count; c++)
        {
            if (Columns[c] == name)
            {
                var values = new double[Features.Rows];
                for (var row = 0; row < values.Length; row++)
                {
                    values[row] = double.CreateTruncating(Features[row, c]);
                }

                return values;
            }
        }

        return null;
    }

    /// <summary>The same table without one feature.</summary>
    /// <exception cref="DataException">There is no such feature, or no other.</exception>
    public Dataset<T> Without(string column)
    {
        var kept = Enumerable.Range(0, Columns.Count).Where(c => Columns[c] != column).ToArray();
        if (kept.Length == 0 || kept.Length == Columns.Count)
        {
            throw new DataException($"{Name}: there is no column '{column}' beside others to learn from.");
        }

        var values = new T[checked(Features.Rows * kept.Length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Features[i / kept.Length, kept[i % kept.Length]];
        }

        return new Dataset<T>(
            Name, new Matrix<T>(Features.Rows, kept.Length, values), Targets, Array.ConvertAll(kept, c => Columns[c]), _targetName)
        {
            Categories = Categories.Count == 0 ? [] : Array.ConvertAll(kept, c => Categories[c]),
            ClassNames = ClassNames,
        };
    }

    /// <summary>The same table with some of its rows.</summary>
    /// <param name="rows">Row numbers, from 0, in the order wanted.</param>
    public Dataset<T> Take(ReadOnlySpan<int> rows)
    {
        var values = new T[checked(rows.Length * Features.Columns)];
        var targets = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Features.Row(rows[i]).CopyTo(values.AsSpan(i * Features.Columns));
            targets[i] = Targets[rows[i]];
        }

        return new Dataset<T>(Name, new Matrix<T>(rows.Length, Features.Columns, values), targets, Columns, _targetName)
        {
            Categories = Categories,
            ClassNames = ClassNames,
        };
    }

    private (double[] Classes, string? WhyNone) FindClasses()
    {
        foreach (var target in Targets)
        {
            if (target != Math.Floor(target))
            {
                return ([], $"holds {Show(target)}, which is not a whole number. Code the classes as whole numbers, or use a learner of numbers.");
            }

            if (Math.Abs(target) > ExactWholeNumbers)
            {
                return ([], $"holds {Show(target)}, which is too large to be told from its neighbours. Code the classes from 0 up.");
            }
        }

        var classes = Distinct(Targets);
        if (classes.Length == 1)
        {
            return ([], $"holds one value only, {Show(Targets[0])}. A classifier needs two classes or more.");
        }

        if (classes.Length > MostClasses || classes.Length > Targets.Length / 2)
        {
            return ([], $"holds {classes.Length} different values in {Targets.Length} rows, too many for classes. Use a learner of numbers.");
        }

        return (classes, null);
    }

    private static double[] Distinct(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        var count = 0;
        foreach (var value in sorted)
        {
            if (count == 0 || value != sorted[count - 1])
            {
                sorted[count++] = value;
            }
        }

        return sorted[..count];
    }

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
