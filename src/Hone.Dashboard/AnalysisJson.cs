using System.Globalization;
using System.Text.Json;
using Hone.Analysis;
using Hone.Analysis.Effects;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>An analysis as the page's script reads it: the trials' columns once, and for each metric what was found.</summary>
/// <remarks>What is missing or not finite is null. The writer escapes &lt; and &gt;, so that no text can end the script element.</remarks>
internal sealed class AnalysisJson
{
    private const int MostRows = 2000;
    private readonly StudyTable _table;
    private readonly StudyAnalysis _analysis;
    private readonly Utf8JsonWriter _json;

    private AnalysisJson(StudyTable table, StudyAnalysis analysis, Utf8JsonWriter json) => (_table, _analysis, _json) = (table, analysis, json);

    /// <summary>Writes it.</summary>
    public static void Write(StudyRecord study, StudyAnalysis analysis, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        new AnalysisJson(StudyTable.Of(study), analysis, json).Write();
    }

    private void Write()
    {
        _json.WriteStartObject();
        _json.WriteString("kind", "analysis");
        Array("parameters", _table.Axes, WriteAxis);
        Array("metrics", _analysis.Metrics, Write);
        Array("fronts", _analysis.Fronts, Write);
        WriteColumns();
        _json.WriteEndObject();
    }

    private void WriteAxis(Axis axis)
    {
        _json.WriteStartObject();
        _json.WriteString("name", axis.Name);
        _json.WriteBoolean("log", axis.Log);
        _json.WriteBoolean("numeric", axis.Kind == AxisKind.Numeric);
        Array("levels", axis.Levels, _json.WriteStringValue);
        _json.WriteEndObject();
    }

    private void Write(MetricAnalysis metric)
    {
        var column = MetricColumn.Named(metric.Metric);
        _json.WriteStartObject();
        _json.WriteString("name", metric.Metric);
        _json.WriteString("label", column.Label);
        _json.WriteString("unit", column.Unit);
        _json.WriteBoolean("system", column.IsSystem);
        _json.WriteBoolean("minimize", _table.GoalOf(metric.Metric) == Goal.Minimize);
        _json.WriteNumber("trials", metric.Trials);
        Numbers("ped", _table.Axes.Select(axis => metric.PedAnova[axis.Name]));
        Numbers("fanova", _table.Axes.Select(axis => metric.Fanova[axis.Name]));
        Array("pairs", metric.Fanova.Pairs.Take(metric.Grids.Count), pair => _json.WriteNumberValue(Round(pair.Raw)));
        Array("spearman", metric.Effects, effect => Write(effect.Spearman));
        Array("kendall", metric.Effects, effect => Write(effect.Kendall));
        Array("marginals", metric.Effects, effect => Write(effect.Marginal));
        Array("laws", metric.Effects, effect => Write(effect.Law));
        Array("grids", metric.Grids, Write);
        _json.WriteEndObject();
    }

    private void Write(Correlation? correlation)
    {
        if (correlation is not { Value: not double.NaN } c)
        {
            _json.WriteNullValue();
            return;
        }

        Numbers(null, [c.Value, c.Low, c.High, c.P]);
    }

    private void Write(Marginal marginal)
    {
        _json.WriteStartArray();
        foreach (var bin in marginal.Bins)
        {
            _json.WriteStartArray();
            _json.WriteStringValue(bin.Label);
            foreach (var value in (ReadOnlySpan<double>)[bin.From, bin.To, bin.Trials, bin.Mean.Value, bin.Mean.Low, bin.Mean.High])
            {
                Number(value);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndArray();
    }

    private void Write(Law? law)
    {
        if (law is not { Holds: true })
        {
            _json.WriteNullValue();
            return;
        }

        _json.WriteStartObject();
        _json.WriteString("form", law.Form.ToString().ToLowerInvariant());
        _json.WriteString("text", law.ToString());
        Full("a", law.A.Value);
        Full("b", law.B.Value);
        Full("r2", law.R2);
        Full("spread", law.ResidualSpread);
        Full("error", law.LeaveOneOutError);
        _json.WriteEndObject();
    }

    private void Write(EffectGrid grid)
    {
        _json.WriteStartObject();
        _json.WriteString("first", grid.First);
        _json.WriteString("second", grid.Second);
        Array("firstLabels", grid.FirstLabels, _json.WriteStringValue);
        Array("secondLabels", grid.SecondLabels, _json.WriteStringValue);
        Array("cells", grid.Cells, cell => Numbers(null, [cell.First, cell.Second, cell.Mean, cell.Trials]));
        _json.WriteEndObject();
    }

    private void Write(CostFront front)
    {
        _json.WriteStartObject();
        _json.WriteString("quality", front.Quality);
        _json.WriteString("cost", front.Cost);
        Array("points", front.Points, point => Numbers(null, [point.Cost, point.Quality, point.Trial]));
        _json.WriteEndObject();
    }

    // The trials that the plots show: evenly from the first to the last.
    private void WriteColumns()
    {
        var count = _table.Trials.Count;
        var stride = Math.Max(1, (int)Math.Ceiling((double)count / MostRows));
        int[] rows = [.. Enumerable.Range(0, count).Where(row => row % stride == 0)];
        string[] metrics = [.. _analysis.Metrics.Select(metric => metric.Metric)
            .Concat(_analysis.Fronts.SelectMany(front => (string[])[front.Quality, front.Cost])).Distinct(StringComparer.Ordinal)];
        _json.WriteNumber("stride", stride);
        Array("trials", rows, row => _json.WriteNumberValue(_table.Trials[row]));
        Array("values", Enumerable.Range(0, _table.Axes.Count), axis => Numbers(null, rows.Select(row => _table.Numbers(axis)[row])));
        Array("measured", metrics, metric =>
        {
            _json.WriteStartObject();
            _json.WriteString("name", metric);
            Numbers("data", rows.Select(row => _table[metric][row]));
            _json.WriteEndObject();
        });
    }

    private void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        _json.WriteEndArray();
    }

    private void Numbers(string? name, IEnumerable<double> values)
    {
        if (name is null)
        {
            _json.WriteStartArray();
        }
        else
        {
            _json.WriteStartArray(name);
        }

        foreach (var value in values)
        {
            Number(value);
        }

        _json.WriteEndArray();
    }

    private void Full(string name, double value)
    {
        _json.WritePropertyName(name);
        if (double.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumberValue(Round(value));
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    // As many digits as a plot can show.
    private static double Round(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
