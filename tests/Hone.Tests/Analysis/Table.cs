using Hone.Analysis;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Analysis;

/// <summary>Makes records of studies whose metrics are known functions of their parameters.</summary>
internal static class Table
{
    public static StudyRecord Record(SearchSpace space, int trials, int seed, Func<Configuration, Random, MetricValue[]> measure)
    {
        var random = new SeededRandom((ulong)seed);
        return new StudyRecord
        {
            Name = "some",
            State = StudyState.Finished,
            Objectives = [new Objective("loss")],
            Space = space.Describe(),
            Spent = new(),
            Trials = [.. Enumerable.Range(1, trials).Select(number =>
            {
                var configuration = space.Sample(random);
                var metrics = measure(configuration, random);
                return new TrialRecord
                {
                    Number = number,
                    State = TrialState.Complete,
                    Parameters = [.. configuration.Values],
                    Metrics = metrics,
                    Values = [.. metrics.Where(m => m.Metric == "loss").Select(m => m.Value)],
                };
            })],
        };
    }

    public static StudyTable Of(SearchSpace space, int trials, int seed, Func<Configuration, double> loss) =>
        StudyTable.Of(Record(space, trials, seed, (configuration, _) => [new("loss", loss(configuration))]));

    public static SearchSpace Unit(params string[] names) => new([.. names.Select(name => new FloatParameter(name, 0, 1))]);
}
