using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Hone.Trials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Tracking.Rest;

/// <summary>Speaks MLflow's REST API to the programs of a study's trials while they run.</summary>
/// <remarks>
/// It answers what a <see cref="TrackingServer"/> over the same store answers, but that each program is led to its own trial: what it logs to
/// the trial's run are measurements, which go to the tuner; parameters and tags are kept on the run; the trial's state is the tuner's, whatever
/// the program says of it. Every name of an experiment leads to the study. Nothing is opened before the first request. Thread-safe.
/// </remarks>
public sealed class TrialServer : IAsyncDisposable
{
    private readonly StudyJournal _journal;
    private readonly Lazy<Task<(TrackingStore Store, RestApplication Application)>> _opened;

    /// <param name="store">The store's file. Files are kept in <c>artifacts</c> beside it.</param>
    /// <param name="journal">The study that is tuned.</param>
    /// <param name="time">The clock for what the server stamps by itself.</param>
    /// <param name="log">Is told of errors that are not the client's; null: nobody is.</param>
    public TrialServer(string store, StudyJournal journal, TimeProvider time, ILogger? log = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(time);
        _journal = journal;
        _opened = new(() => OpenAsync(store, journal.Experiment, time, log ?? NullLogger.Instance));
    }

    /// <summary>Begins to serve an attempt's program.</summary>
    /// <param name="trial">Number of the trial, from 1.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="take">
    /// Takes measurements in order and ends when they are durable. It throws <see cref="OperationCanceledException"/> when no more are taken.
    /// </param>
    public TrialClient Begin(int trial, int attempt, Func<IReadOnlyList<StepReport>, CancellationToken, Task> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        return new TrialClient(this, _journal.Experiment, _journal.RunIdOf(trial), attempt, take);
    }

    /// <summary>Ends the writing of what was logged, and closes the store. No request may be under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_opened.IsValueCreated && await OpenedAsync() is { } opened)
        {
            await opened.Store.DisposeAsync();
        }
    }

    /// <summary>Answers a request.</summary>
    internal async Task AnswerAsync(HttpContext context)
    {
        if (await OpenedAsync() is { } opened)
        {
            await opened.Application.ProcessRequestAsync(context);
            return;
        }

        await Errors.SendAsync(context, null, _opened.Value.Exception!.InnerException!.Message);
    }

    // Null if the store could not be opened.
    private async Task<(TrackingStore Store, RestApplication Application)?> OpenedAsync()
    {
        try
        {
            return await _opened.Value;
        }
        catch (StudyStoreException)
        {
            return null;
        }
    }

    private static async Task<(TrackingStore Store, RestApplication Application)> OpenAsync(string path, long experiment, TimeProvider time, ILogger log)
    {
        var store = await TrackingStore.OpenAsync(path, time, CancellationToken.None);
        var routes = Routes.All(new TrackingServerOptions { Store = path });
        TrialRoutes.AddTo(routes, experiment);
        return (store, new RestApplication(routes, new HostCheck([]), store, log));
    }
}
