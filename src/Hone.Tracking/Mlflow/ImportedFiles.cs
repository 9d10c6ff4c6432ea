using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Copies the files of runs and models of another store to where this one keeps its own.</summary>
internal sealed class ImportedFiles(IArtifactStore files, TrackingStore store, MlflowImportOptions options, ImportLog log)
{
    private static readonly ExpectedDigests Nothing = new(null, null);

    // Where the files of a run or a model lay, and where they lie now; for versions that were made of them.
    private readonly List<(string Old, string New)> _moved = [];

    /// <summary>How many files were copied.</summary>
    public int Count { get; private set; }

    /// <summary>Copies the files of a run that are not there, and says that they lie here.</summary>
    public async Task CopyRunAsync(long key, SourceRun run, CancellationToken cancellationToken)
    {
        if (FolderOf(run.ArtifactUri, run.ArtifactFolder, $"run {run.Id}") is not { } folder)
        {
            return;
        }

        var place = "";
        await store.Writer.RunAsync(new StoreChange(session => place = $"{RunIds.ExperimentOf(key)}/{session.RunIds.Of(key)}/artifacts"));
        await CopyAsync(folder, place, cancellationToken);
        var uri = $"mlflow-artifacts:/{place}";
        await store.Writer.RunAsync(new StoreChange(session => ImportedRun.SetLocation(session, key, uri)));
        Note(run.ArtifactUri, folder, uri);
    }

    /// <summary>Copies the files of a logged model that are not there, and says that they lie here.</summary>
    public async Task CopyModelAsync(long key, SourceLoggedModel model, CancellationToken cancellationToken)
    {
        if (FolderOf(model.ArtifactUri, model.ArtifactFolder, $"model {model.Id}") is not { } folder)
        {
            return;
        }

        var place = "";
        await store.Writer.RunAsync(new StoreChange(session =>
        {
            var experiment = session.Kept("SELECT experiment FROM logged_models WHERE logged_model = ?1");
            experiment.Bind(1, key);
            experiment.Step();
            place = $"{experiment.Int64(0)}/models/{LoggedModels.IdOf(session, key)}/artifacts";
        }));
        await CopyAsync(folder, place, cancellationToken);
        var uri = $"mlflow-artifacts:/{place}";
        await store.Writer.RunAsync(new StoreChange(session => Imported.Add(session, Imported.Model, model.Id, key, uri)));
        Note(model.ArtifactUri, folder, uri);
    }

    /// <summary>Where lies now what lay at an address; null if it was not copied.</summary>
    public string? NewPlaceOf(string address)
    {
        foreach (var (old, now) in _moved)
        {
            if (address == old || address.StartsWith(old + "/", StringComparison.Ordinal))
            {
                return now + address[old.Length..];
            }
        }

        return null;
    }

    private void Note(string? uri, string folder, string now)
    {
        _moved.Add((folder.TrimEnd('/'), now));
        _moved.Add(("file://" + folder.TrimEnd('/'), now));
        if (uri is not null)
        {
            _moved.Add((uri.TrimEnd('/'), now));
        }
    }

    private string? FolderOf(string? uri, string? beside, string what)
    {
        if (beside is not null)
        {
            return beside;
        }

        if (uri is null)
        {
            return null;
        }

        if (uri.StartsWith("mlflow-artifacts:", StringComparison.OrdinalIgnoreCase))
        {
            if (options.ServedFolder is null)
            {
                log.Skip(what, $"its files lie with the server that served it ({uri}); name that server's folder to copy them");
                return null;
            }

            return Existing(Path.Combine(Path.GetFullPath(options.ServedFolder), ArtifactPath.Parse(ArtifactLocation.PathOf(uri))));
        }

        if (uri.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(uri, UriKind.Absolute, out var local) && local.IsFile ? Existing(local.LocalPath) : null;
        }

        if (uri.Contains("://", StringComparison.Ordinal))
        {
            log.Skip(what, $"its files lie at {uri}, and stay there");
            return null;
        }

        return Existing(Path.GetFullPath(uri, Path.GetDirectoryName(Path.GetFullPath(options.Source))!));
    }

    private async Task CopyAsync(string folder, string place, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            try
            {
                var path = ArtifactPath.Under(place, name);
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
                if (!await IsThereAsync(path, stream.Length, cancellationToken))
                {
                    var checksum = await files.WriteAsync(path, stream, stream.Length, Nothing, cancellationToken);
                    await store.Writer.RunAsync(new ChecksumChange(checksum));
                    Count++;
                }
            }
            catch (Exception wrong) when (wrong is TrackingException or IOException or UnauthorizedAccessException)
            {
                log.Skip(file, wrong.Message);
            }
        }
    }

    private async Task<bool> IsThereAsync(string path, long size, CancellationToken cancellationToken)
    {
        try
        {
            using var file = await files.OpenAsync(path, cancellationToken);
            return file.Size == size;
        }
        catch (TrackingException)
        {
            return false;
        }
    }

    private static string? Existing(string folder) => Directory.Exists(folder) ? folder : null;
}
