using System.Globalization;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>stop:</c>, a list of stopping rules, and the rules inside <c>any:</c> and <c>all:</c>.</summary>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="metrics">Checks the names of metrics.</param>
/// <param name="objective">What a rule looks at unless it names another metric.</param>
internal sealed class RuleReader(Findings findings, MetricNames metrics, Objective objective)
{
    private static readonly string[] Kinds = ["median", "percentile", "when", "deadline", "asha", "patience", "prechelt", "wilcoxon", "any", "all"];
    private static readonly string[] Criteria = ["gl", "pq", "up"];
    private static readonly string[] WhenKeys = ["when", "after", "for"];

    /// <summary>The rules; those that something is wrong with are left out. An empty list stops nothing.</summary>
    public IReadOnlyList<IStoppingRule> Read(Field field) => field.Node is YamlList { Items.Count: 0 } ? [] : Group(field);

    private IReadOnlyList<IStoppingRule> Group(Field field) =>
        [.. (field.Items(findings, "a list of rules, such as - median: { after: 300 }") ?? []).Select(Rule).OfType<IStoppingRule>()];

    private IStoppingRule? Rule(Field field)
    {
        if (field.Node is YamlText { IsNothing: false } word)
        {
            return field.Word(findings, Kinds) switch
            {
                null => null,
                "median" or "asha" or "wilcoxon" => Rule(word.Value, field with { Path = $"{field.Path}.{word.Value}" }),
                _ => Incomplete(field, word.Value),
            };
        }

        if (field.Node is YamlMap map && map.Entries.Any(entry => entry.Key.Value == "when"))
        {
            return When(field);
        }

        if (Section.Open(field, findings, Kinds) is not { } section)
        {
            return null;
        }

        if (section.Keys.Count == 1)
        {
            return Rule(section.Keys.First(), section[section.Keys.First()]!.Value);
        }

        if (section.Keys.Count > 1)
        {
            findings.Add(field, $"{string.Join(" and ", section.Keys)} stand in one item; start a new item with - for each rule");
        }

        return null;
    }

    private IStoppingRule? Rule(string kind, Field field) => kind switch
    {
        "median" => Percentile(field, isMedian: true),
        "percentile" => Percentile(field, isMedian: false),
        "deadline" => field.Duration(findings) is { } limit ? new DeadlineRule(limit) : null,
        "asha" => Asha(field),
        "patience" => Patience(field),
        "prechelt" => Prechelt(field),
        "wilcoxon" => Wilcoxon(field),
        "any" => Group(field) is { Count: > 0 } rules ? new AnyRule(rules) : null,
        _ => Group(field) is { Count: > 0 } rules ? new AllRule(rules) : null,
    };

    private IStoppingRule? Incomplete(Field field, string kind)
    {
        findings.Add(field, $"'{kind}' alone is no rule; expected {kind}: with its settings");
        return null;
    }

    private ThresholdRule? When(Field field)
    {
        if (Section.Open(field, findings, WhenKeys) is not { } section)
        {
            return null;
        }

        var when = metrics.Comparison(section["when"]!.Value);
        var after = After(section);
        var (times, of) = section["for"] is { } persistence ? Persistence(persistence) : (1, 1);
        if (of > 1 && when is { Take: not Aggregate.Last })
        {
            findings.Add(section["for"]!.Value, $"'{when}' looks at all values already; name the metric alone to count its last {of} values");
            return null;
        }

        return when is null || times == 0 ? null : new ThresholdRule(when, after, times, of);
    }

    private (int Times, int Of) Persistence(Field field)
    {
        var parts = (field.Text(findings, "TIMES of LAST, such as 3 of 5") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var good = parts.Length is 1 or 3 && (parts.Length == 1 || parts[1] == "of");
        if (good && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var times)
            && int.TryParse(parts[^1], CultureInfo.InvariantCulture, out var of) && times >= 1 && of >= times && of <= 1_000_000)
        {
            return (times, of);
        }

        if (parts.Length > 0)
        {
            findings.Add(field, $"{field.Describe()} is no persistence; expected TIMES of LAST, such as 3 of 5");
        }

        return (0, 0);
    }

    private PercentileRule? Percentile(Field field, bool isMedian)
    {
        string[] keys = isMedian ? ["after", "metric", "goal", "minimum_peers"] : ["keep", "after", "metric", "goal", "minimum_peers"];
        if (Settings(field, keys) is not { } settings)
        {
            return null;
        }

        var (metric, goal) = Metric(settings);
        var peers = settings["minimum_peers"]?.Whole(findings, 1, 1_000_000) ?? 5;
        var keep = isMedian ? 50 : settings.Require("keep", "the percentage of the best trials to keep, such as 25")?.Number(findings);
        if (keep is <= 0 or >= 100)
        {
            findings.Add(settings["keep"]!.Value, $"{settings["keep"]!.Value.Describe()} is out of range; expected a percentage above 0 and below 100");
            return null;
        }

        return keep is null ? null : new PercentileRule(metric, goal, keep.Value, After(settings), (int)peers);
    }

    private AshaRule? Asha(Field field)
    {
        if (Settings(field, ["min", "eta", "metric", "goal"]) is not { } settings)
        {
            return null;
        }

        var (metric, goal) = Metric(settings);
        var first = settings["min"]?.Whole(findings, 1, 1L << 53) ?? 1;
        var factor = settings["eta"]?.Whole(findings, 2, 1000) ?? 3;
        return new AshaRule(metric, goal, first, (int)factor);
    }

    private PatienceRule? Patience(Field field)
    {
        if (field.Node is YamlText { IsNothing: false })
        {
            return field.Whole(findings, 1, int.MaxValue) is { } count ? new PatienceRule(objective.Metric, objective.Goal, (int)count) : null;
        }

        if (Settings(field, ["reports", "delta", "metric", "goal", "after"]) is not { } settings)
        {
            return null;
        }

        var (metric, goal) = Metric(settings);
        var delta = settings["delta"]?.Number(findings, 0) ?? 0;
        var reports = settings.Require("reports", "how many reports in a row may bring nothing")?.Whole(findings, 1, int.MaxValue);
        return reports is null ? null : new PatienceRule(metric, goal, (int)reports.Value, delta, After(settings));
    }

    private IStoppingRule? Prechelt(Field field)
    {
        if (Settings(field, ["gl", "pq", "up", "training", "strip", "metric", "after"]) is not { } settings)
        {
            return null;
        }

        string[] given = [.. Criteria.Where(kind => settings[kind] is not null)];
        if (given.Length != 1)
        {
            findings.Add(field, $"{(given.Length == 0 ? "no criterion" : $"{string.Join(" and ", given)} stand together")}; expected one of gl, pq or up");
            return null;
        }

        if (objective.Goal == Goal.Maximize && settings["metric"] is null)
        {
            findings.Add(field, $"'{objective.Metric}' is maximized, and prechelt needs an error to be minimized; name one with metric:");
            return null;
        }

        Superfluous(settings, given[0]);
        var (metric, _) = Metric(settings);
        var strip = (int)(settings["strip"]?.Whole(findings, 1, 1_000_000) ?? 5);
        return Criterion(settings, given[0], metric, strip);
    }

    private IStoppingRule? Criterion(Section settings, string kind, string metric, int strip)
    {
        var after = After(settings);
        var field = settings[kind]!.Value;
        if (kind == "up")
        {
            return field.Whole(findings, 1, 1_000_000) is { } strips ? new SuccessiveRiseRule(metric, (int)strips, strip, after) : null;
        }

        if (field.Number(findings) is not { } alpha)
        {
            return null;
        }

        if (alpha <= 0)
        {
            findings.Add(field, $"{field.Describe()} is out of range; expected a number above 0");
            return null;
        }

        if (kind == "gl")
        {
            return new GeneralizationLossRule(metric, alpha, after);
        }

        var training = settings.Require("training", "the metric of the error on the training part")?.Text(findings, "the name of a metric");
        return training is null ? null : new ProgressQuotientRule(metric, metrics.Check(settings["training"]!.Value, training), alpha, strip, after);
    }

    private WilcoxonRule? Wilcoxon(Field field)
    {
        if (Settings(field, ["alpha", "after", "metric", "goal"]) is not { } settings)
        {
            return null;
        }

        var (metric, goal) = Metric(settings);
        if (metrics.OfLearner is { } reported && !reported.Contains(FoldKey.Finished))
        {
            findings.Add(field, "compares finished folds, and this learner has none; give train: the key folds, such as folds: 5");
        }
        else
        {
            metrics.Check(settings["metric"] ?? field, new FoldKey(metric, goal).Of(1));
        }

        var after = settings["after"]?.Whole(findings, 1, 1000) ?? 2;
        var alpha = settings["alpha"]?.Number(findings) ?? 0.1;
        if (alpha is > 0 and < 1)
        {
            return new WilcoxonRule(metric, goal, alpha, (int)after);
        }

        findings.Add(settings["alpha"]!.Value, $"{settings["alpha"]!.Value.Describe()} is out of range; expected a chance above 0 and below 1");
        return null;
    }

    private void Superfluous(Section settings, string kind)
    {
        if (kind != "pq" && settings["training"] is { } training)
        {
            findings.Add(training, $"'{kind}' does not look at the training error; drop the key, or use pq");
        }

        if (kind == "gl" && settings["strip"] is { } strip)
        {
            findings.Add(strip, "'gl' has no strips; drop the key, or use pq or up");
        }
    }

    // The settings of a rule that may do without any: an empty value is an empty mapping.
    private Section? Settings(Field field, IReadOnlyCollection<string> keys) => field.Node is YamlText { Value: "" or "median" or "asha" or "wilcoxon" } nothing
        ? Section.Open(field with { Node = new YamlMap(nothing.Line, nothing.Column, []) }, findings, keys)
        : Section.Open(field, findings, keys);

    private (string Metric, Goal Goal) Metric(Section settings)
    {
        var metric = objective.Metric;
        if (settings["metric"] is { } field && field.Text(findings, "the name of a metric") is { } name)
        {
            metric = metrics.Check(field, name);
        }

        var goal = metric == objective.Metric ? objective.Goal : Goal.Minimize;
        return (metric, settings["goal"] is { } given ? ObjectiveReader.Goal(given, findings) ?? goal : goal);
    }

    private After After(Section settings)
    {
        if (settings["after"] is not { } field)
        {
            return default;
        }

        if (field.Node is YamlText { IsPlain: true } text && text.Value.All(c => char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            return new After(field.Whole(findings, 0, 1L << 53) ?? 0, TimeSpan.Zero);
        }

        if (field.Text(findings, "steps, such as 200, or a duration, such as 30s") is { } duration)
        {
            if (Quantities.Duration(duration, out var time) is null)
            {
                return new After(0, time);
            }

            findings.Add(field, $"'{duration}' is neither steps nor a duration; expected steps, such as 200, or a duration, such as 30s");
        }

        return default;
    }
}
