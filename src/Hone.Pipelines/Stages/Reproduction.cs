using System.Threading.Channels;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Stages;

/// <summary>Brings stages up to date: each after what it needs, independent ones at once.</summary>
/// <remarks>
/// A stage is recorded as soon as it is done: whatever ends the work, what is done is done. Another process may reproduce the same
/// repository: a stage that it runs is waited for, not run twice.
/// </remarks>
public sealed class Reproduction
{
    private readonly Pipeline _pipeline;
    private readonly ReproductionOptions _options;
    private readonly StageRunner _runner;
    private readonly Action<StageEvent> _tell;
    private readonly Lock _telling = new();

    /// <param name="repository">The repository.</param>
    /// <param name="pipeline">Its pipeline.</param>
    /// <param name="options">How to reproduce.</param>
    /// <param name="tell">Gets all events, one at a time, from any thread.</param>
    /// <param name="time">The clock.</param>
    public Reproduction(Repository repository, Pipeline pipeline, ReproductionOptions options, Action<StageEvent> tell, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Jobs, 1);
        _pipeline = pipeline;
        _options = options;
        _tell = tell;
        _runner = new StageRunner(repository, pipeline, options, Tell, time);
    }

    /// <summary>Reproduces stages.</summary>
    /// <param name="plan">The stages in an order in which each stands after what it needs.</param>
    /// <param name="cancellationToken">Ends the commands that run and starts no other; what is done stays recorded.</param>
    /// <returns>What became of each stage of the plan, in its order.</returns>
    public async Task<IReadOnlyList<StageEnded>> RunAsync(IReadOnlyList<Stage> plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var work = new Schedule(plan, _pipeline.Graph, _options.KeepsGoing);
        var ends = Channel.CreateUnbounded<StageEnded>();
        var running = 0;
        while (true)
        {
            while (running < _options.Jobs && !cancellationToken.IsCancellationRequested && work.Next() is { } stage)
            {
                running++;
                _ = RunAsync(stage, work.IsAnyOf(_pipeline.Graph.Upstream(stage), StageOutcome.Ran, StageOutcome.WouldRun), ends.Writer, cancellationToken);
            }

            if (running == 0)
            {
                break;
            }

            work.End(await ends.Reader.ReadAsync(CancellationToken.None));
            running--;
        }

        foreach (var stage in plan.Where(stage => !work.IsDone(stage)))
        {
            var skipped = new StageEnded(
                stage, StageOutcome.Skipped, cancellationToken.IsCancellationRequested ? "interrupted" : work.WhyNot(stage), TimeSpan.Zero, false);
            Tell(skipped);
            work.End(skipped);
        }

        return work.Results;
    }

    private async Task RunAsync(Stage stage, bool isUpstreamNew, ChannelWriter<StageEnded> ends, CancellationToken cancellationToken)
    {
        // Off this thread at once: what changed is found by reading files, and others can do so meanwhile.
        await Task.Yield();
        var end = await _runner.RunAsync(stage, _options.IsForced || (_options.ForcesDownstream && isUpstreamNew), cancellationToken);
        Tell(end);
        ends.TryWrite(end);
    }

    private void Tell(StageEvent happened)
    {
        lock (_telling)
        {
            _tell(happened);
        }
    }
}
