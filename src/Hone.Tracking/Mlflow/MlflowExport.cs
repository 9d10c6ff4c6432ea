using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>What is exported, and where to.</summary>
public sealed record MlflowExportOptions
{
    /// <summary>The store's file.</summary>
    public required string Store { get; init; }

    /// <summary>The folder to write to; it must be empty or not be there.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the only experiment to export; null: all experiments and the registered models.</summary>
    public string? Experiment { get; init; }

    /// <summary>Where the server keeps files: a folder or <c>s3://BUCKET/PREFIX</c>; null: <c>artifacts</c> beside the store.</summary>
    public string? Artifacts { get; init; }
}

/// <summary>What an export wrote.</summary>
/// <param name="Experiments">Experiments.</param>
/// <param name="Runs">Runs, trials among them.</param>
/// <param name="LoggedModels">Logged models.</param>
/// <param name="Models">Registered models.</param>
/// <param name="Files">Files of runs and models.</param>
/// <param name="Problems">What could not be written, and why.</param>
public sealed record MlflowExportReport(int Experiments, int Runs, int LoggedModels, int Models, int Files, IReadOnlyList<string> Problems);

/// <summary>Writes a store as MLflow's store of files, which its programs read and <see cref="MlflowImport"/> too.</summary>
public static class MlflowExport
{
    /// <summary>Exports.</summary>
    /// <param name="options">What and where to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Is told of each run, with the number of all; null: nobody is.</param>
    /// <param name="cancellationToken">Ends between two runs; what was written stays.</param>
    /// <exception cref="StudyStoreException">The store cannot be read, there is no such experiment, or the folder is not empty.</exception>
    public static async Task<MlflowExportReport> RunAsync(
        MlflowExportOptions options, TimeProvider time, IProgress<(int Done, int All)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
        {
            throw new StudyStoreException($"The folder '{options.Folder}' is not empty. Name another one, or empty it.");
        }

        // Brings an older store up to today's tables, so that it can be read.
        await using (await StudyStore.OpenExistingAsync(options.Store, time, cancellationToken))
        {
            using var files = ArtifactAddress.Open(options.Artifacts, options.Store, new S3Options().At(null));
            using var session = TrackingSession.Open(StoreAddress.Parse(options.Store));
            session.Database.Begin(Transaction.Read);
            var report = await new ExportSession(session, files, options, progress).RunAsync(cancellationToken);
            session.Database.ResetAll();
            session.Database.Commit();
            return report;
        }
    }
}

/// <summary>One export while it runs, of the store as it is at one moment.</summary>
internal sealed class ExportSession(
    TrackingSession session, IArtifactStore files, MlflowExportOptions options, IProgress<(int Done, int All)>? progress)
{
    private readonly string _root = Path.GetFullPath(options.Folder);
    private readonly ImportLog _log = new();
    private int _runs;
    private int _loggedModels;

    /// <summary>Exports what the options say.</summary>
    /// <exception cref="StudyStoreException">There is no such experiment.</exception>
    public async Task<MlflowExportReport> RunAsync(CancellationToken cancellationToken)
    {
        var experiments = Chosen();
        var all = experiments.Sum(experiment => Keys("SELECT count(*) FROM runs WHERE run >= ?1 AND run < ?2", experiment.Key).Sum());
        Directory.CreateDirectory(Path.Combine(_root, MlflowFiles.Trash));
        var copy = new ExportedFiles(files, _log);
        foreach (var experiment in experiments)
        {
            var folder = FolderOf(experiment);
            Write(experiment, folder);
            foreach (var run in Keys("SELECT run FROM runs WHERE run >= ?1 AND run < ?2 ORDER BY run", experiment.Key))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await new ExportedRun(session, copy, _log).WriteAsync(run, folder, cancellationToken);
                _runs++;
                progress?.Report((_runs, (int)all));
            }

            foreach (var model in LoggedModels(experiment.Key))
            {
                await ExportedModels.WriteLoggedAsync(session, model, folder, copy, _log, cancellationToken);
                _loggedModels++;
            }
        }

        var models = options.Experiment is null ? ExportedModels.WriteRegistered(session, Path.Combine(_root, MlflowFiles.ModelsFolder), _log) : 0;
        return new MlflowExportReport(experiments.Count, _runs, _loggedModels, models, copy.Count, _log.Problems);
    }

    private List<Experiment> Chosen()
    {
        var chosen = new List<Experiment>();
        var rows = session.Kept($"{Experiments.Select} ORDER BY e.experiment");
        while (rows.Step())
        {
            if (Experiments.Current(rows) is var experiment && (options.Experiment is null || options.Experiment == experiment.Name))
            {
                chosen.Add(experiment);
            }
        }

        return chosen.Count > 0 || options.Experiment is null
            ? chosen
            : throw new StudyStoreException($"There is no experiment '{options.Experiment}' in {options.Store}.");
    }

    // A deleted experiment lies in the trash, as MLflow has it.
    private string FolderOf(in Experiment experiment)
    {
        var name = experiment.Key.ToString(CultureInfo.InvariantCulture);
        return experiment.IsDeleted ? Path.Combine(_root, MlflowFiles.Trash, name) : Path.Combine(_root, name);
    }

    private void Write(in Experiment experiment, string folder)
    {
        MlflowYaml.Write(
            Path.Combine(folder, MlflowFiles.Meta),
            ("artifact_location", experiment.Location ?? new Uri(folder).AbsoluteUri),
            ("creation_time", experiment.Created / TimeSpan.TicksPerMillisecond),
            ("experiment_id", experiment.Key.ToString(CultureInfo.InvariantCulture)),
            ("last_update_time", experiment.Updated / TimeSpan.TicksPerMillisecond),
            ("lifecycle_stage", experiment.IsDeleted ? "deleted" : "active"),
            ("name", experiment.Name));
        var tags = session.Kept("SELECT key, value FROM experiment_tags WHERE experiment = ?1 ORDER BY key");
        tags.Bind(1, experiment.Key);
        ExportedPairs.Write(tags, Path.Combine(folder, "tags"), _log);
    }

    private List<long> Keys(string sql, long experiment)
    {
        var keys = new List<long>();
        var rows = session.Kept(sql);
        rows.BindRuns(experiment);
        while (rows.Step())
        {
            keys.Add(rows.Int64(0));
        }

        return keys;
    }

    private List<long> LoggedModels(long experiment)
    {
        var keys = new List<long>();
        var rows = session.Kept("SELECT logged_model FROM logged_models WHERE experiment = ?1 ORDER BY logged_model");
        rows.Bind(1, experiment);
        while (rows.Step())
        {
            keys.Add(rows.Int64(0));
        }

        return keys;
    }
}
