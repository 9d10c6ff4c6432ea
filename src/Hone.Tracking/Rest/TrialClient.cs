using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Trials;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hone.Tracking.Rest;

/// <summary>The program of one attempt at a trial, as a client of a <see cref="TrialServer"/>. Thread-safe.</summary>
public sealed class TrialClient
{
    private readonly TrialServer _server;
    private readonly string _experimentId;
    private readonly Func<IReadOnlyList<StepReport>, CancellationToken, Task> _take;
    private int _isClaimed;

    internal TrialClient(TrialServer server, long experiment, string runId, int attempt, Func<IReadOnlyList<StepReport>, CancellationToken, Task> take)
    {
        _server = server;
        _experimentId = experiment.ToString(CultureInfo.InvariantCulture);
        _take = take;
        RunId = runId;
        Attempt = attempt;
    }

    /// <summary>Id of the trial's run.</summary>
    public string RunId { get; }

    /// <summary>The attempt, from 1.</summary>
    internal int Attempt { get; }

    /// <summary>The client of a request.</summary>
    internal static TrialClient Of(HttpContext context) => context.Features.GetRequiredFeature<TrialClient>();

    /// <summary>The environment variables by which MLflow's clients find the server and resume the trial's run.</summary>
    /// <param name="address">Where the server answers this program.</param>
    public IEnumerable<KeyValuePair<string, string>> Variables(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return [new("MLFLOW_TRACKING_URI", address.AbsoluteUri), new("MLFLOW_RUN_ID", RunId), new("MLFLOW_EXPERIMENT_ID", _experimentId)];
    }

    /// <summary>Answers a request of the program, whose path has lost the address.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Set(this);
        Owns(context.Request.Query["run_id"]);
        return _server.AnswerAsync(context);
    }

    /// <summary>Whether a run is the trial's. A program that asks this way knows the run, and is not given it again.</summary>
    internal bool Owns(string? runId)
    {
        if (runId != RunId)
        {
            return false;
        }

        Volatile.Write(ref _isClaimed, 1);
        return true;
    }

    /// <summary>Gives the program the trial's run in the place of the first one that it makes; false if it has it already.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    /// <summary>Hands values to the tuner, and ends when they are durable.</summary>
    /// <exception cref="TrackingException">The tuner is ending.</exception>
    internal async Task MeasureAsync(List<LoggedMetric> metrics, CancellationToken cancellationToken)
    {
        try
        {
            await _take(TrialReports.Of(metrics), cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TrackingException(TrackingError.Unavailable, "The tuner is ending and takes no more measurements.");
        }
    }
}
