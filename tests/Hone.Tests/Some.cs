using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests;

/// <summary>Makes valid things, so that a test shows only what matters to it.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Morning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SearchSpace Space { get; } = new([new FloatParameter("x", 0, 1)]);

    public static Configuration Configuration(double x = 0.5) => new(Space, [x]);

    public static Study Study(params IReadOnlyList<IStoppingRule> rules) => new()
    {
        Name = "some",
        Space = Space,
        Objectives = [new Objective("loss")],
        Rules = rules,
        Budget = new() { Trials = 20 },
        Retries = new() { Retries = 0 },
    };

    /// <summary>A running trial that reported values of <c>loss</c> at steps 1, 2, …, one a second.</summary>
    public static Trial Trial(int number, params ReadOnlySpan<double> losses)
    {
        var trial = new Trial(number, Configuration(), Morning);
        trial.Begin(1, Morning);
        for (var i = 0; i < losses.Length; i++)
        {
            trial.Report(i + 1, [new MetricValue("loss", losses[i])], TimeSpan.FromSeconds(i + 1));
        }

        return trial;
    }

    /// <summary>What a rule says of a curve after each of its reports, with the curves of peers already told.</summary>
    public static List<Verdict> Verdicts(IStoppingRule rule, double[] losses, params double[][] peers)
    {
        var history = new StudyHistory([rule]);
        for (var peer = 0; peer < peers.Length; peer++)
        {
            Tell(history, rule, Trial(peer + 1), peers[peer], []);
        }

        var verdicts = new List<Verdict>();
        Tell(history, rule, Trial(peers.Length + 1), losses, verdicts);
        return verdicts;
    }

    /// <summary>A trial that reports its loss once a second, from step 1, and then ends.</summary>
    public static SimulatedAttempt Attempt(params double[] losses) => new(
        losses.Select((loss, i) => new SimulatedReport(TimeSpan.FromSeconds(i + 1), i + 1, [new MetricValue("loss", loss)])),
        TimeSpan.FromSeconds(losses.Length + 1));

    private static void Tell(StudyHistory history, IStoppingRule rule, Trial trial, double[] losses, List<Verdict> verdicts)
    {
        for (var i = 0; i < losses.Length; i++)
        {
            trial.Report(i + 1, [new MetricValue("loss", losses[i])], TimeSpan.FromSeconds(i + 1));
            history.Add(trial);
            verdicts.Add(rule.Judge(trial, history));
        }
    }
}
