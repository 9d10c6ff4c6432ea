using System.Globalization;
using System.Net;
using System.Text;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard;

/// <summary>The head of the page: what was searched, what was found, and what it cost. Readable without scripts.</summary>
internal sealed class SummaryHtml
{
    private readonly StudyFacts _facts;
    private readonly StringBuilder _html = new();

    public SummaryHtml(StudyFacts facts)
    {
        _facts = facts;
        Head();
        _html.Append("<div class=\"top\">\n");
        Best();
        Tiles();
        _html.Append("</div>\n");
        Stopping();
    }

    /// <summary>The HTML.</summary>
    public override string ToString() => _html.ToString();

    /// <summary>An objective's name with the number taken of its series, e.g. <c>min(loss)</c>.</summary>
    public static string NameOf(Objective objective) => objective.Take == Aggregate.Last
        ? objective.Metric
        : $"{objective.Take.ToString().ToLowerInvariant()}({objective.Metric})";

    private void Head()
    {
        var study = _facts.Study;
        _html.Append("<header><p class=\"kind\">Study</p><h1>").Append(Html(study.Name)).Append("</h1>\n<p class=\"meta\"><span class=\"state ")
            .Append(study.State.ToString().ToLowerInvariant()).Append("\">").Append(StateOf(study.State)).Append("</span>");
        foreach (var objective in study.Objectives)
        {
            Meta(objective.Goal == Goal.Minimize ? "minimize" : "maximize", NameOf(objective));
        }

        foreach (var constraint in study.Constraints)
        {
            Meta("keep", constraint.ToString());
        }

        if (study.Began is { } began)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<span>began {began.UtcDateTime:yyyy-MM-dd HH:mm} UTC</span>");
        }

        _html.Append("</p></header>\n");
    }

    private void Meta(string verb, string what) =>
        _html.Append("<span>").Append(verb).Append(" <b>").Append(Html(what)).Append("</b></span>");

    private void Best()
    {
        _html.Append("<section class=\"card best\" aria-label=\"Best trial\">");
        if (_facts.Best is not { } row)
        {
            _html.Append("<h2>Best trial</h2><p class=\"empty\">").Append(WhyNoBest()).Append("</p></section>\n");
            return;
        }

        var trial = _facts.Trials[row];
        _html.Append(CultureInfo.InvariantCulture, $"<h2>Best trial · {trial.Number}</h2>");
        for (var k = 0; k < _facts.Study.Objectives.Count; k++)
        {
            _html.Append("<p class=\"value\"><b>").Append(Words.Number(trial.Values[k])).Append("</b> ")
                .Append(Html(NameOf(_facts.Study.Objectives[k]))).Append("</p>");
        }

        if (_facts.Front.Count > 1)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Best of the first objective; {_facts.Front.Count} trials are on the Pareto front.</p>");
        }

        _html.Append("<dl class=\"parameters\">");
        foreach (var (name, value) in trial.Parameters)
        {
            _html.Append("<div><dt>").Append(Html(name)).Append("</dt><dd title=\"").Append(Html(value.ToString())).Append("\">").Append(Html(Words.Parameter(value))).Append("</dd></div>");
        }

        _html.Append("</dl></section>\n");
    }

    private string WhyNoBest()
    {
        if (_facts.Trials.Count == 0)
        {
            return "No trial has been proposed yet.";
        }

        return _facts.Count(TrialState.Complete) == 0
            ? "No trial has completed yet."
            : "No complete trial counts: each violates a constraint or has a value that is not finite.";
    }

    private void Tiles()
    {
        var spent = _facts.Study.Spent;
        _html.Append("<section class=\"tiles\" aria-label=\"Trials and spending\">");
        Tile("complete", _facts.Count(TrialState.Complete), "complete");
        Tile("stopped", _facts.Count(TrialState.Stopped), "stopped");
        Tile("failed", _facts.Count(TrialState.Failed), "failed");
        Tile("vetoed", _facts.Count(TrialState.Vetoed), "vetoed", hideZero: true);
        Tile("running", _facts.Count(TrialState.Running), "running", hideZero: true);
        Tile("waiting", _facts.Count(TrialState.Waiting), "waiting", hideZero: true);
        Tile("spent", Words.Duration(spent.Wall.TotalSeconds), "wall time");
        Tile("spent", spent.CpuSeconds is { } cpu ? Words.Duration(cpu) : null, "CPU time");
        Tile("spent", spent.GpuSeconds is { } gpu ? Words.Duration(gpu) : null, "GPU time");
        Tile("spent", Words.Count(spent.Steps), "steps");
        Tile("spent", spent.EnergyJoules is { } joules ? Words.Energy(joules) : null, "energy");
        _html.Append("</section>\n");
    }

    private void Tile(string style, int count, string label, bool hideZero = false)
    {
        if (count > 0 || !hideZero)
        {
            Tile(style, Words.Count(count), label);
        }
    }

    private void Tile(string style, string? figure, string label)
    {
        if (figure is not null)
        {
            _html.Append("<div class=\"tile ").Append(style).Append("\"><b>").Append(figure).Append("</b><span>").Append(label).Append("</span></div>");
        }
    }

    private void Stopping()
    {
        var savings = _facts.Savings;
        if (savings.MedianSteps is { } median && _facts.Count(TrialState.Stopped) > 0)
        {
            _html.Append("<p class=\"sentence\">Stopping early saved about <b>").Append(Words.Count(savings.Steps)).Append(" steps</b>");
            if (savings.CpuSeconds is { } cpu)
            {
                _html.Append(" and <b>").Append(Words.Duration(cpu)).Append(" of CPU time</b>");
            }

            _html.Append(". <span class=\"note\">An estimate: each stopped trial is taken to have had ")
                .Append(Words.Count(median)).Append(" steps before it, the median of the complete trials, at its own CPU time per step.</span></p>\n");
        }

        if (_facts.Occupancy is { } occupancy)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<p class=\"sentence\">At most <b>{occupancy.MostAtOnce}</b> trial{(occupancy.MostAtOnce == 1 ? "" : "s")} ran at once; from the first start to the last end, trials kept {(occupancy.MostAtOnce == 1 ? "that slot" : "those slots")} busy <b>{100 * occupancy.Share:0.#} %</b> of the time.</p>\n");
        }
    }

    private static string StateOf(StudyState state) => state switch
    {
        StudyState.Finished => "finished",
        StudyState.Interrupted => "interrupted",
        _ => "running",
    };

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
