using Hone.Tracking.Artifacts;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>What is to be removed for good.</summary>
public sealed record TrackingGarbageOptions
{
    /// <summary>The store: a file, or an address of PostgreSQL.</summary>
    public required string Store { get; init; }

    /// <summary>Where the server keeps files: a folder or <c>s3://BUCKET/PREFIX</c>; null: <c>artifacts</c> beside the store.</summary>
    public string? Artifacts { get; init; }

    /// <summary>What was deleted longer ago is removed.</summary>
    public required TimeSpan OlderThan { get; init; }

    /// <summary>Whether only to tell what would be removed.</summary>
    public bool IsDry { get; init; }
}

/// <summary>What was removed, or would be.</summary>
/// <param name="Experiments">Experiments.</param>
/// <param name="Runs">Runs, trials of deleted studies among them.</param>
/// <param name="LoggedModels">Logged models.</param>
/// <param name="Kept">Deleted runs that stay since a version of a registered model is made of their files.</param>
public sealed record TrackingGarbageReport(int Experiments, int Runs, int LoggedModels, int Kept);

/// <summary>Removes deleted experiments, runs and logged models for good, with their files.</summary>
/// <remarks>
/// Files go before rows, so that a removal that was killed is finished by the next one. A run whose files a version of a registered model is
/// made of stays, and its experiment with it. Files that lie with others stay where they are.
/// </remarks>
public static class TrackingGarbage
{
    /// <summary>Removes what was deleted long enough ago.</summary>
    /// <param name="options">What.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends between two removals.</param>
    /// <exception cref="StudyStoreException">The store or the files cannot be read or written.</exception>
    public static async Task<TrackingGarbageReport> RemoveAsync(TrackingGarbageOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        await using (await StudyStore.OpenExistingAsync(options.Store, time, cancellationToken))
        {
            using var files = ArtifactAddress.Open(options.Artifacts, options.Store, new S3Options().At(null));
            await using var store = await TrackingStore.OpenAsync(options.Store, time, cancellationToken);
            var garbage = Find(store, StoreTime.ToStore(time.GetUtcNow() - options.OlderThan));
            if (!options.IsDry)
            {
                await RemoveAsync(garbage, store, files, cancellationToken);
            }

            return new TrackingGarbageReport(garbage.Experiments.Count, garbage.Runs.Count, garbage.LoggedModels.Count, garbage.Kept);
        }
    }

    private static FoundGarbage Find(TrackingStore store, long before)
    {
        var session = store.Readers.Rent();
        try
        {
            return FoundGarbage.Find(session, before);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }

    private static async Task RemoveAsync(FoundGarbage garbage, TrackingStore store, IArtifactStore files, CancellationToken cancellationToken)
    {
        foreach (var (model, location) in garbage.LoggedModels)
        {
            await RemoveFilesAsync(location, store, files, cancellationToken);
            await store.Writer.RunAsync(new StoreChange(session => RemovedRows.LoggedModel(session, model)));
        }

        foreach (var (run, location) in garbage.Runs)
        {
            await RemoveFilesAsync(location, store, files, cancellationToken);
            if (!garbage.Experiments.Contains(RunIds.ExperimentOf(run)))
            {
                await store.Writer.RunAsync(new StoreChange(session => RemovedRows.Runs(session, run, run + 1)));
            }
        }

        foreach (var experiment in garbage.Experiments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await store.Writer.RunAsync(new StoreChange(session => RemovedRows.Experiment(session, experiment)));
        }
    }

    private static async Task RemoveFilesAsync(string location, TrackingStore store, IArtifactStore files, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!ArtifactLocation.IsServed(location) || ArtifactPath.Parse(ArtifactLocation.PathOf(location)) is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            await files.DeleteAsync(path, cancellationToken);
            await store.Writer.RunAsync(new ForgottenChecksums(path));
        }
        catch (TrackingException missing) when (missing.Error == TrackingError.NotFound)
        {
            // It never had any, or they are gone already.
        }
    }
}
