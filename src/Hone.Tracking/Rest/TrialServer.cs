using Hone.Tracking.Artifacts;
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
    private readonly string _store;
    private readonly StudyJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    // The lock guards what is below it.
    private readonly Lock _gate = new();
    private Task<(TrackingStore Store, RestApplication Application)>? _opened;

    /// <param name="store">The store. Files are kept in the folder <c>artifacts</c> beside it, as by a server that is not told otherwise.</param>
    /// <param name="journal">The study that is tuned.</param>
    /// <param name="time">The clock for what the server stamps by itself.</param>
    /// <param name="log">Is told of errors that are not the client's; null: nobody is.</param>
    public TrialServer(string store, StudyJournal journal, TimeProvider time, ILogger? log = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(time);
        _store = store;
        _journal = journal;
        _time = time;
        _log = log ?? NullLogger.Instance;
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
        Task<(TrackingStore Store, RestApplication Application)>? opened;
        lock (_gate)
        {
            opened = _opened;
        }

        try
        {
            if (opened is not null)
            {
                await (await opened).Store.DisposeAsync();
            }
        }
        catch (StudyStoreException)
        {
            // It could not be opened, so nothing is to be closed; who asked was told so.
        }
    }

    /// <summary>Answers a request.</summary>
    internal async Task AnswerAsync(HttpContext context)
    {
        RestApplication application;
        try
        {
            application = (await OpenedAsync()).Application;
        }
        catch (StudyStoreException failure)
        {
            await Errors.SendAsync(context, failure.IsTemporary ? TrackingError.Unavailable : null, failure.Message);
            return;
        }

        await application.ProcessRequestAsync(context);
    }

    // A store that could not be opened, since its database is away, may be there when the next request comes.
    private Task<(TrackingStore Store, RestApplication Application)> OpenedAsync()
    {
        lock (_gate)
        {
            return _opened is null or { IsFaulted: true } ? _opened = Task.Run(OpenAsync) : _opened;
        }
    }

    private async Task<(TrackingStore Store, RestApplication Application)> OpenAsync()
    {
        var store = await TrackingStore.OpenAsync(_store, _time, CancellationToken.None);
        var routes = Routes.All(ArtifactAddress.Open(null, _store, new S3Options()));
        TrialRoutes.AddTo(routes, _journal.Experiment);
        return (store, new RestApplication(routes, new HostCheck([]), store, _log));
    }
}
