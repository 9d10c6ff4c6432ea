using System.Globalization;
using System.Text.Json;
using Hone.Analysis;
using Hone.Space;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>The study as the page's script reads it: in columns, each stored once for the charts and the table.</summary>
/// <remarks>
/// A number has as many digits as can be seen in a chart or a table; NaN and infinities are texts, what is missing is null.
/// The writer escapes &lt; and &gt;, so that no text can end the script element that holds it.
/// </remarks>
internal sealed class StudyJson
{
    private const string TableDigits = "G7";
    private const string CurveDigits = "G5";

    private readonly StudyFacts _facts;
    private readonly Utf8JsonWriter _json;

    private StudyJson(StudyFacts facts, Utf8JsonWriter json)
    {
        _facts = facts;
        _json = json;
    }

    /// <summary>Writes the study.</summary>
    public static void Write(StudyFacts facts, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        new StudyJson(facts, json).Write();
    }

    private void Write()
    {
        _json.WriteStartObject();
        _json.WriteString("name", _facts.Study.Name);
        WriteObjectives();
        WriteParameters();
        WriteMetrics();
        Column("best", _facts.Best is { } best ? new[] { best } : [], Integer);
        Column("front", _facts.Front, Integer);
        WriteTrials();
        WriteCurves();
        _json.WriteEndObject();
    }

    private void WriteObjectives() => Column("objectives", _facts.Study.Objectives, objective =>
    {
        _json.WriteStartObject();
        _json.WriteNumber("metric", IndexOf(objective.Metric));
        _json.WriteBoolean("minimize", objective.Goal == Goal.Minimize);
        _json.WriteString("label", SummaryHtml.NameOf(objective));
        _json.WriteEndObject();
    });

    private void WriteParameters() => Column("parameters", _facts.Parameters, parameter =>
    {
        _json.WriteStartObject();
        _json.WriteString("name", parameter.Name);
        _json.WriteString("text", parameter.Description);
        _json.WriteBoolean("log", parameter.IsLog);
        _json.WritePropertyName("low");
        Number(parameter.Low);
        _json.WritePropertyName("high");
        Number(parameter.High);
        if (parameter.Categories is { } categories)
        {
            Column("categories", categories, (string text) => _json.WriteStringValue(text));
        }

        _json.WriteEndObject();
    });

    private void WriteMetrics() => Column("metrics", _facts.Metrics, metric =>
    {
        _json.WriteStartObject();
        _json.WriteString("name", metric.Name);
        _json.WriteString("label", metric.Label);
        _json.WriteString("unit", metric.Unit);
        _json.WriteBoolean("system", metric.IsSystem);
        _json.WriteEndObject();
    });

    private void WriteTrials()
    {
        var trials = _facts.Trials;
        var origin = trials.Min(t => t.Started);
        var reasons = Texts("reasons", trials.Select(t => t.Reason));
        var rules = Texts("rules", trials.Select(t => t.Rule));
        _json.WriteStartObject("trials");
        Column("number", trials, t => Integer(t.Number));
        Column("state", trials, t => Integer((int)t.State));
        Column("counts", trials, t => Integer(t.Counts ? 1 : 0));
        Column("reason", trials, t => Integer(reasons[t.Reason]));
        Column("rule", trials, t => Integer(rules[t.Rule]));
        Column("steps", trials, t => _json.WriteNumberValue(t.Steps));
        Column("started", trials, t => Number(t.Started is { } at ? Math.Round((at - origin!.Value).TotalSeconds, 3) : null));
        Column("wall", trials, t => Number(Math.Round(t.WallSeconds, 3)));
        Column("attempts", trials, t => Integer(t.Attempts));
        Column("violation", trials, t => Number(t.Violation));
        Column("savedSteps", _facts.Savings.ByRow, s => Number(s?.Steps));
        Column("savedCpu", _facts.Savings.ByRow, s => Number(s?.CpuSeconds));
        Column("values", Enumerable.Range(0, _facts.Study.Objectives.Count), k => Column(null, trials, t => Number(ValueOf(t, k))));
        Column("parameters", _facts.Parameters, parameter => Column(null, trials, t => Parameter(parameter, t)));
        Column("metrics", _facts.Metrics, metric => Column(null, trials, t => Number(Last(t, metric.Name))));
        _json.WriteEndObject();
    }

    // Writes each text once and tells where it stands.
    private Dictionary<string, int> Texts(string name, IEnumerable<string> texts)
    {
        var distinct = texts.Distinct(StringComparer.Ordinal).ToList();
        Column(name, distinct, (string text) => _json.WriteStringValue(text));
        return distinct.Index().ToDictionary(text => text.Item, text => text.Index, StringComparer.Ordinal);
    }

    // For each metric its curves; a curve is the trial's row, then step and value of each point, a step as the distance from the one before.
    private void WriteCurves()
    {
        var rows = _facts.Trials.Select((t, row) => (Row: row, Curves: Curves(t))).Where(r => r.Curves.Count > 0).ToList();
        var objectives = _facts.Study.Objectives.Select(o => o.Metric).ToHashSet(StringComparer.Ordinal);
        var ours = rows.Sum(r => r.Curves.Keys.Count(objectives.Contains));
        var others = rows.Sum(r => r.Curves.Count) - ours;
        Column("curves", _facts.Metrics, metric =>
        {
            var limit = CurveThinning.Share(objectives.Contains(metric.Name) ? ours : others);
            Column(null, rows.Where(r => r.Curves.ContainsKey(metric.Name)), r => Curve(r.Row, r.Curves[metric.Name], limit));
        });
    }

    private static Dictionary<string, List<CurvePoint>> Curves(TrialRecord trial)
    {
        var curves = new Dictionary<string, List<CurvePoint>>(StringComparer.Ordinal);
        foreach (var measurement in trial.History)
        {
            if (!double.IsFinite(measurement.Value))
            {
                continue;
            }

            if (!curves.TryGetValue(measurement.Metric, out var points))
            {
                curves.Add(measurement.Metric, points = []);
            }

            points.Add(new CurvePoint(measurement.Step, measurement.Value));
        }

        return curves;
    }

    private void Curve(int row, List<CurvePoint> points, int limit)
    {
        _json.WriteStartArray();
        Integer(row);
        long before = 0;
        foreach (var (step, value) in CurveThinning.Thin(points, limit))
        {
            _json.WriteNumberValue(step - before);
            Number(value, CurveDigits);
            before = step;
        }

        _json.WriteEndArray();
    }

    private double? ValueOf(TrialRecord trial, int objective)
    {
        var value = _facts.Value(trial, objective);
        return double.IsNaN(value) && (objective >= trial.Values.Count || trial.State != TrialState.Failed) ? null : value;
    }

    private static double? Last(TrialRecord trial, string metric)
    {
        foreach (var (name, value) in trial.Metrics)
        {
            if (name == metric)
            {
                return value;
            }
        }

        return null;
    }

    private void Parameter(ParameterColumn parameter, TrialRecord trial)
    {
        foreach (var (name, value) in trial.Parameters)
        {
            if (name == parameter.Name)
            {
                if (parameter.Categories is { } categories)
                {
                    Integer(IndexIn(categories, value));
                }
                else
                {
                    Number(value.Number);
                }

                return;
            }
        }

        _json.WriteNullValue();
    }

    private static int IndexIn(IReadOnlyList<string> categories, ParameterValue value)
    {
        var text = value.ToString();
        return categories.TakeWhile(c => c != text).Count();
    }

    private int IndexOf(string metric) => _facts.Metrics.TakeWhile(m => m.Name != metric).Count();

    private void Integer(int number) => _json.WriteNumberValue(number);

    private void Number(double? number) => Number(number, TableDigits);

    private void Number(double? number, string digits)
    {
        if (number is not { } value)
        {
            _json.WriteNullValue();
        }
        else if (!double.IsFinite(value))
        {
            _json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞");
        }
        else
        {
            Span<byte> text = stackalloc byte[32];
            value.TryFormat(text, out var length, digits, CultureInfo.InvariantCulture);
            _json.WriteRawValue(text[..length], skipInputValidation: true);
        }
    }

    private void Column<T>(string? name, IEnumerable<T> items, Action<T> write)
    {
        if (name is not null)
        {
            _json.WritePropertyName(name);
        }

        _json.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }

        _json.WriteEndArray();
    }
}
