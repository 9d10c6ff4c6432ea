using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hone.Learning.Data;

/// <summary>What is in one column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Missing">In how many rows it has no value.</param>
/// <param name="Distinct">How many different values it has.</param>
/// <param name="Mean">Of its numbers; NaN for categories.</param>
/// <param name="Deviation">Standard deviation of its numbers (population); NaN for categories.</param>
/// <param name="Least">Smallest number; NaN for categories.</param>
/// <param name="Most">Largest number; NaN for categories.</param>
/// <param name="Commonest">Its most frequent category; empty for numbers.</param>
public sealed record ColumnSummary(
    string Name, int Missing, int Distinct, double Mean, double Deviation, double Least, double Most, string Commonest)
{
    /// <summary>Whether it has one value only, from which nothing can be learned.</summary>
    public bool IsConstant => Distinct <= 1;
}

/// <summary>What is in a data set, as <c>hone data show</c> prints it.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Task">What its target looks like.</param>
/// <param name="Columns">Each feature, in order.</param>
/// <param name="Target">The column to learn.</param>
/// <param name="Classes">For classes how often each occurs, in order of their codes; empty for numbers.</param>
public sealed record DatasetSummary(
    string Name, int Rows, LearningTask Task, IReadOnlyList<ColumnSummary> Columns, ColumnSummary Target,
    IReadOnlyList<KeyValuePair<string, int>> Classes)
{
    private const int MostLines = 40;

    /// <summary>Summarises a data set.</summary>
    public static DatasetSummary Of<T>(Dataset<T> data)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        var columns = data.Columns.Select((name, c) => Summarize(
            name, data.Column(name)!, data.Categories.Count > 0 ? data.Categories[c] : []));
        var classes = data.Classes.Select((code, k) => KeyValuePair.Create(
            data.ClassNames.Count > 0 ? data.ClassNames[(int)code] : code.ToString("R", CultureInfo.InvariantCulture),
            data.Targets.Count(target => target == code)));
        return new DatasetSummary(
            data.Name, data.Features.Rows, data.Task, [.. columns], Summarize(data.TargetName, data.Targets, data.ClassNames), [.. classes]);
    }

    /// <summary>The summary as text: a line for the whole, one for each class, and one for each of the first 40 columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var task = Task == LearningTask.Regression ? "a number" : $"one of {Classes.Count} classes";
        text.Append(CultureInfo.InvariantCulture, $"{Name}: {Rows} rows x {Columns.Count} features; '{Target.Name}' is {task}\n");
        foreach (var (name, count) in Classes.Take(MostLines))
        {
            text.Append(CultureInfo.InvariantCulture, $"  class {name}: {count} rows ({100.0 * count / Rows:0.0} %)\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{"column",-20} {"missing",8} {"distinct",8} {"mean",12} {"deviation",12} {"least",12} {"most",12}\n");
        foreach (var column in Columns.Take(MostLines).Append(Target))
        {
            text.Append(CultureInfo.InvariantCulture, $"{column.Name,-20} {column.Missing,8} {column.Distinct,8} ");
            text.Append(column.Commonest.Length > 0
                ? $"mostly {column.Commonest}"
                : string.Create(CultureInfo.InvariantCulture, $"{column.Mean,12:G6} {column.Deviation,12:G6} {column.Least,12:G6} {column.Most,12:G6}"));
            text.Append(column.IsConstant ? "  constant\n" : "\n");
        }

        if (Columns.Count > MostLines)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {Columns.Count - MostLines} more columns\n");
        }

        return text.ToString();
    }

    private static ColumnSummary Summarize(string name, double[] values, IReadOnlyList<string> categories)
    {
        var known = Array.FindAll(values, value => !double.IsNaN(value));
        Array.Sort(known);
        var distinct = known.Length == 0 ? 0 : 1;
        for (var i = 1; i < known.Length; i++)
        {
            distinct += known[i] != known[i - 1] ? 1 : 0;
        }

        var missing = values.Length - known.Length;
        if (categories.Count > 0 || known.Length == 0)
        {
            var commonest = known.Length == 0 ? "" : categories[(int)known.GroupBy(code => code).MaxBy(group => group.Count())!.Key];
            return new ColumnSummary(name, missing, distinct, double.NaN, double.NaN, double.NaN, double.NaN, commonest);
        }

        var mean = known.Average();
        var variance = known.Sum(value => (value - mean) * (value - mean)) / known.Length;
        return new ColumnSummary(name, missing, distinct, mean, Math.Sqrt(variance), known[0], known[^1], "");
    }
}
