using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>What is imported, and where to.</summary>
public sealed record MlflowImportOptions
{
    /// <summary>A folder of MLflow's file store, such as <c>mlruns</c>, or the file of its SQLite database, also as <c>sqlite:///FILE</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The store's file; it is made if it is not there.</summary>
    public required string Store { get; init; }

    /// <summary>Where the server keeps files: a folder or <c>s3://BUCKET/PREFIX</c>; null: <c>artifacts</c> beside the store.</summary>
    public string? Artifacts { get; init; }

    /// <summary>Whether the files of runs and models are copied; otherwise runs say where they lie.</summary>
    public bool CopiesArtifacts { get; init; }

    /// <summary>The folder that the other server kept files in, if it kept them itself (<c>mlflow-artifacts:</c>), e.g. <c>mlartifacts</c>.</summary>
    public string? ServedFolder { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Experiments">Experiments that were made.</param>
/// <param name="Runs">Runs that were made.</param>
/// <param name="KnownRuns">Runs that were there already.</param>
/// <param name="LoggedModels">Logged models that were made.</param>
/// <param name="Versions">Versions of registered models that were made.</param>
/// <param name="Files">Files that were copied.</param>
/// <param name="Skipped">How much was passed over.</param>
/// <param name="Problems">What was passed over and why, the first thousand.</param>
public sealed record MlflowImportReport(
    int Experiments, int Runs, int KnownRuns, int LoggedModels, int Versions, int Files, int Skipped, IReadOnlyList<string> Problems);

/// <summary>Brings what MLflow's own stores hold into a store.</summary>
/// <remarks>
/// Every run comes in one transaction with a note of its old id, by which clients still find it: a second import adds nothing, and one that
/// was killed goes on. Experiments and registered models of the same name become one. The other store is only read.
/// </remarks>
public static class MlflowImport
{
    private const string DatabaseScheme = "sqlite:///";

    /// <summary>Imports everything.</summary>
    /// <param name="options">What and where to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Is told of each run, with the number of all; null: nobody is.</param>
    /// <param name="cancellationToken">Ends between two runs; the next import goes on from there.</param>
    /// <exception cref="StudyStoreException">One of the stores cannot be read or written.</exception>
    public static async Task<MlflowImportReport> RunAsync(
        MlflowImportOptions options, TimeProvider time, IProgress<(int Done, int All)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var log = new ImportLog();
        using var source = Open(options.Source, log);
        using var files = ArtifactAddress.Open(options.Artifacts, options.Store, new S3Options().At(null));
        await using var store = await TrackingStore.OpenAsync(options.Store, time, cancellationToken);
        var copy = options.CopiesArtifacts ? new ImportedFiles(files, store, options, log) : null;
        return await new ImportSession(source, store, copy, log, progress).RunAsync(cancellationToken);
    }

    private static IMlflowSource Open(string source, ImportLog log)
    {
        var path = source.StartsWith(DatabaseScheme, StringComparison.OrdinalIgnoreCase) ? source[DatabaseScheme.Length..]
            : source.StartsWith("file://", StringComparison.OrdinalIgnoreCase) ? new Uri(source).LocalPath
            : source;
        if (File.Exists(path))
        {
            return MlflowDatabase.Open(path, log);
        }

        return Directory.Exists(path) && MlflowFiles.IsOne(path)
            ? new MlflowFiles(path, log)
            : throw new StudyStoreException(
                $"'{source}' is no store of MLflow: expected a folder such as mlruns, with a {MlflowFiles.Meta} in each experiment's folder, or the file of a SQLite database.");
    }
}
