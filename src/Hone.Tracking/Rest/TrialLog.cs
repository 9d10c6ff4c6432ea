using System.Buffers;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Takes what the program of a trial logs while it runs: values of the trial go to its tuner, everything else to the store.</summary>
/// <param name="read">Reads the body, on the request's thread.</param>
internal sealed class TrialLog(Func<ReadOnlySequence<byte>, BatchRequest> read) : ReadChange<BatchRequest>(read, LogRoutes.LogBatch)
{
    /// <inheritdoc/>
    protected override async ValueTask MakeAsync(HttpContext context, BatchRequest fields, TrackingStore store)
    {
        var trial = TrialClient.Of(context);
        if (!trial.Owns(fields.RunId))
        {
            await base.MakeAsync(context, fields, store);
            return;
        }

        // First what can be refused: a client that is told so must not find half of its request in the journal.
        var answer = Answer.Rent();
        if (HasMore(fields))
        {
            await store.Writer.RunAsync(new AnsweredChange<BatchRequest>(fields, (batch, session, _) => LogBeside(trial, batch, session), answer, store.Now));
        }

        if (fields.Metrics.Count > 0)
        {
            await trial.MeasureAsync(fields.Metrics, context.RequestAborted);
        }

        await SendAsync(context, answer);
    }

    private static bool HasMore(BatchRequest batch) =>
        batch.Parameters.Count > 0 || batch.Tags.Count > 0 || batch.Metrics.Exists(metric => metric.Model is not null);

    private static void LogBeside(TrialClient trial, BatchRequest batch, ChangeSession session)
    {
        var store = session.Store;
        TrialParameters.Log(store, trial.RunId, trial.Attempt, batch.Parameters);
        var run = TrackedRuns.Get(store, trial.RunId);
        foreach (var (key, value) in batch.Tags)
        {
            TrackedRuns.SetTagOrName(store, run, key, value);
        }

        foreach (var metric in batch.Metrics)
        {
            LoggedModelMetrics.Keep(store, run, metric);
        }
    }
}
