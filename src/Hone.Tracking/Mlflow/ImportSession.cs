using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>One import while it runs.</summary>
internal sealed class ImportSession(
    IMlflowSource source, TrackingStore store, ImportedFiles? files, ImportLog log, IProgress<(int Done, int All)>? progress)
{
    private int _experiments;
    private int _runs;
    private int _knownRuns;
    private int _loggedModels;

    /// <summary>Imports everything.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<MlflowImportReport> RunAsync(CancellationToken cancellationToken)
    {
        var all = source.CountRuns();
        foreach (var experiment in source.Experiments())
        {
            if (experiment.Name.Length == 0)
            {
                log.Skip($"experiment {experiment.Id}", "it has no name");
                continue;
            }

            var key = await ExperimentAsync(experiment);
            foreach (var run in source.Runs(experiment))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RunAsync(key, run, cancellationToken);
                progress?.Report((_runs + _knownRuns, all));
            }

            foreach (var model in source.LoggedModels(experiment))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await LoggedModelAsync(key, model, cancellationToken);
            }

            if (experiment.IsDeleted)
            {
                await DeleteAsync(key);
            }
        }

        var versions = await new ImportedRegistry(store, files, log).RunAsync(source.Models());
        return new MlflowImportReport(_experiments, _runs, _knownRuns, _loggedModels, versions, files?.Count ?? 0, log.Count, log.Problems);
    }

    // The same name is the same experiment. It keeps its id where that is free.
    private async Task<long> ExperimentAsync(SourceExperiment experiment)
    {
        long key = 0;
        var isNew = false;
        await store.Writer.RunAsync(new StoreChange(session =>
        {
            isNew = false;
            if (Experiments.Find(session, experiment.Name) is { } known)
            {
                key = known.Key;
            }
            else
            {
                key = ImportedExperiment.Add(session, experiment, files is not null, store.Now);
                isNew = true;
            }

            Imported.Add(session, Imported.Experiment, experiment.Id, key);
        }));
        _experiments += isNew ? 1 : 0;
        return key;
    }

    private async Task RunAsync(long experiment, SourceRun run, CancellationToken cancellationToken)
    {
        if (run.Id.Length == 0)
        {
            log.Skip($"a run of experiment {experiment}", "it has no id");
            return;
        }

        long key = 0;
        var isNew = false;
        await store.Writer.RunAsync(new StoreChange(session =>
        {
            key = TrackedRuns.KeyOf(session, run.Id);
            isNew = key < 0 || !ImportedRun.IsThere(session, key);
            if (isNew)
            {
                key = ImportedRun.Add(session, experiment, run, log, store.Now);
            }
        }));
        _runs += isNew ? 1 : 0;
        _knownRuns += isNew ? 0 : 1;
        if (files is not null)
        {
            await files.CopyRunAsync(key, run, cancellationToken);
        }
    }

    private async Task LoggedModelAsync(long experiment, SourceLoggedModel model, CancellationToken cancellationToken)
    {
        long key = 0;
        var isNew = false;
        await store.Writer.RunAsync(new StoreChange(session =>
        {
            key = ImportedLoggedModel.Find(session, model.Id) ?? -1;
            isNew = key < 0;
            if (isNew)
            {
                key = ImportedLoggedModel.Add(session, experiment, model, store.Now);
            }
        }));
        _loggedModels += isNew ? 1 : 0;
        if (files is not null)
        {
            await files.CopyModelAsync(key, model, cancellationToken);
        }
    }

    // Last, so that an import that is killed before goes on with an experiment to which runs can be added.
    private async Task DeleteAsync(long key) => await store.Writer.RunAsync(new StoreChange(session =>
    {
        if (Experiments.Find(session, key) is { IsDeleted: false } experiment && ImportedExperiment.IsOnlyImported(session, key))
        {
            ImportedExperiment.Delete(session, experiment);
        }
    }));
}
