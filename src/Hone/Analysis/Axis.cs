using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Space;

namespace Hone.Analysis;

/// <summary>How the values of a parameter relate.</summary>
public enum AxisKind
{
    /// <summary>Numbers, with distances.</summary>
    Numeric,

    /// <summary>Listed values in an order.</summary>
    Ordinal,

    /// <summary>Listed values without an order.</summary>
    Categorical,
}

/// <summary>A parameter as a dimension of the analysis: its values mapped to [0, 1] on the parameter's own scale.</summary>
public sealed partial record Axis
{
    /// <summary>Name of the parameter.</summary>
    public required string Name { get; init; }

    /// <summary>How its values relate.</summary>
    public required AxisKind Kind { get; init; }

    /// <summary>Whether equal ratios are equal distances.</summary>
    public bool Log { get; init; }

    /// <summary>Lower end of a numeric axis; half a step below the smallest value where there are steps.</summary>
    public double Low { get; init; }

    /// <summary>Upper end of a numeric axis.</summary>
    public double High { get; init; }

    /// <summary>The values of a listed parameter, as text; empty for a numeric one.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Names of the parameters that decide whether this one is active.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Whether there is more than one value.</summary>
    public bool Varies => Kind == AxisKind.Numeric ? High > Low : Levels.Count > 1;

    /// <summary>Whether its values are numbers.</summary>
    public bool HasNumbers => Kind == AxisKind.Numeric || (Kind == AxisKind.Ordinal && Levels.All(level =>
        double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));

    /// <summary>
    /// Where a value lies, from 0 to 1; the middle of its share for a listed value; NaN for one that the axis does not have.
    /// </summary>
    public double Unit(ParameterValue value)
    {
        if (Kind != AxisKind.Numeric)
        {
            var level = Level(value);
            return level < 0 ? double.NaN : (level + 0.5) / Levels.Count;
        }

        var unit = (Scale(value.Number) - Scale(Low)) / (Scale(High) - Scale(Low));
        return unit is >= -1e-9 and <= 1 + 1e-9 ? Math.Clamp(unit, 0, 1) : double.NaN;
    }

    /// <summary>The value as a number for correlations and laws: itself where it is one, its place in the list where it is not.</summary>
    public double Number(ParameterValue value) =>
        Kind == AxisKind.Categorical || value.Kind == ValueKind.Text ? Level(value) : value.Number;

    /// <summary>Makes the axis of a declared parameter.</summary>
    public static Axis Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        string[] parents = [.. parameter.When.Select(condition => condition.Parent).Distinct(StringComparer.Ordinal)];
        return parameter is NumericParameter numeric
            ? Numeric(numeric.Name, numeric.Low, numeric.High, numeric.Log, numeric.Step) with { Parents = parents }
            : new Axis
            {
                Name = parameter.Name,
                Kind = parameter is CategoricalParameter ? AxisKind.Categorical : AxisKind.Ordinal,
                Levels = [.. ((ListParameter)parameter).Values.Select(value => value.ToString())],
                Parents = parents,
            };
    }

    /// <summary>Makes the axis of a line of <see cref="SearchSpace.Describe"/>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="seen">The values that trials had.</param>
    /// <returns>The axis; null if the line says something else, or does not fit the values.</returns>
    internal static Axis? Parse(string line, IReadOnlyCollection<ParameterValue> seen)
    {
        string[] parents = [.. When().Matches(line).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        var axis = NumericLine().Match(line) is { Success: true } numeric ? Range(numeric) : List(line);
        return axis is not null && seen.All(value => !double.IsNaN(axis.Unit(value))) ? axis with { Parents = parents } : null;
    }

    /// <summary>Makes an axis from the values that trials had: on a log scale if they are positive and span a factor of 1,000.</summary>
    internal static Axis Infer(string name, IReadOnlyCollection<ParameterValue> seen)
    {
        if (seen.All(value => value.Kind is ValueKind.Float or ValueKind.Integer))
        {
            var (low, high) = (seen.Min(value => value.Number), seen.Max(value => value.Number));
            return new Axis { Name = name, Kind = AxisKind.Numeric, Low = low, High = high, Log = low > 0 && high / low >= 1000 };
        }

        string[] levels = [.. seen.Select(value => value.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new Axis { Name = name, Kind = AxisKind.Categorical, Levels = levels };
    }

    private static Axis? Range(Match match)
    {
        double? Read(string group) =>
            double.TryParse(match.Groups[group].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

        if (Read("low") is not { } low || Read("high") is not { } high)
        {
            return null;
        }

        var step = Read("step") ?? (match.Groups["kind"].Value == "int" ? 1 : null);
        return Numeric(match.Groups["name"].Value, low, high, match.Groups["log"].Success, step);
    }

    private static Axis? List(string line)
    {
        if (ListLine().Match(line) is not { Success: true } match)
        {
            return null;
        }

        var kind = match.Groups["kind"].Value;
        var text = match.Groups["values"].Value;
        return new Axis
        {
            Name = match.Groups["name"].Value,
            Kind = kind == "choice" ? AxisKind.Categorical : AxisKind.Ordinal,
            Levels = kind == "constant" ? [text] : text is ['[', .. var inner, ']'] ? inner.Split(", ") : [text],
        };
    }

    private static Axis Numeric(string name, double low, double high, bool log, double? step)
    {
        // Each value of a grid owns half a step to either side.
        var margin = low < high ? (step ?? 0) / 2 : 0;
        return new Axis
        {
            Name = name,
            Kind = AxisKind.Numeric,
            Log = log,
            Low = log ? Math.Max(low - margin, low / 2) : low - margin,
            High = high + margin,
        };
    }

    private double Scale(double number) => Log ? Math.Log(number) : number;

    // 1 and 1.0 are one value, whichever of them a file had.
    private int Level(ParameterValue value)
    {
        var text = value.ToString();
        for (var i = 0; i < Levels.Count; i++)
        {
            if (Levels[i] == text)
            {
                return i;
            }
        }

        for (var i = 0; i < Levels.Count; i++)
        {
            if (double.TryParse(Levels[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == value.Number)
            {
                return i;
            }
        }

        return -1;
    }

    private const string Conditions = @"(?: when [A-Za-z_][\w.\-]* in \[[^\]]*\])*";

    [GeneratedRegex(
        @"^(?<name>[A-Za-z_][\w.\-]*): (?<kind>float|int) \[(?<low>[^,\]]+), (?<high>[^\]]+)\](?<log> log)?(?: step (?<step>\S+))?"
        + Conditions + "$")]
    private static partial Regex NumericLine();

    [GeneratedRegex(
        @"^(?<name>[A-Za-z_][\w.\-]*): (?<kind>choice|values|constant) (?<values>.*?)" + Conditions + "$", RegexOptions.Singleline)]
    private static partial Regex ListLine();

    [GeneratedRegex(@" when ([A-Za-z_][\w.\-]*) in \[")]
    private static partial Regex When();
}
