using Hone.Space;
using Hone.Trials;

namespace Hone.Cli.Progress;

/// <summary>A trial that waits or runs, as far as it is shown.</summary>
internal sealed class RunningTrial(int number, Configuration configuration, DateTimeOffset proposedAt)
{
    /// <summary>From 1.</summary>
    public int Number { get; } = number;

    /// <summary>What is tried.</summary>
    public Configuration Configuration { get; } = configuration;

    /// <summary>When the sampler proposed it, in UTC.</summary>
    public DateTimeOffset ProposedAt { get; } = proposedAt;

    /// <summary>When the attempt began; null while the trial waits.</summary>
    public DateTimeOffset? Started { get; private set; }

    /// <summary>The attempt, from 1.</summary>
    public int Attempt { get; private set; }

    /// <summary>What the attempt has reported.</summary>
    public Trial Reported { get; private set; } = new(number, configuration, proposedAt);

    /// <summary>The rule that ends the trial; empty if none does.</summary>
    public string StoppedBy { get; set; } = "";

    /// <summary>Begins an attempt, which has reported nothing.</summary>
    public void Begin(int attempt, DateTimeOffset at)
    {
        Attempt = attempt;
        Started = at;
        Reported = new Trial(Number, Configuration, ProposedAt);
    }

    /// <summary>Puts the trial back.</summary>
    public void Requeue() => Started = null;
}
