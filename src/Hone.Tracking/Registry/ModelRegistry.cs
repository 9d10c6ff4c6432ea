using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>The registered models of a store, as a program of this machine uses them.</summary>
/// <remarks>Models are named <c>NAME</c>, and versions <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>, which is the latest. Not thread-safe.</remarks>
public sealed class ModelRegistry : IAsyncDisposable
{
    private readonly TrackingStore _store;
    private readonly IArtifactStore _files;

    private ModelRegistry(TrackingStore store, IArtifactStore files)
    {
        _store = store;
        _files = files;
    }

    /// <summary>Opens the registry of a store that is there.</summary>
    /// <param name="store">The store: a file, or an address of PostgreSQL.</param>
    /// <param name="artifacts">Where the server keeps files: a folder or <c>s3://BUCKET/PREFIX</c>; null: <c>artifacts</c> beside the store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="StudyStoreException">The store is not there or cannot be read.</exception>
    public static async Task<ModelRegistry> OpenAsync(string store, string? artifacts, TimeProvider time, CancellationToken cancellationToken = default)
    {
        await using (await StudyStore.OpenExistingAsync(store, time, cancellationToken))
        {
            var files = ArtifactAddress.Open(artifacts, store, new S3Options().At(null));
            return new ModelRegistry(await TrackingStore.OpenAsync(store, time, cancellationToken), files);
        }
    }

    /// <summary>All models, by name.</summary>
    public IReadOnlyList<ModelSummary> List() => Ask(session =>
    {
        var rows = session.Kept($"{RegisteredModels.Select} ORDER BY m.name");
        var models = new List<RegisteredModel>();
        while (rows.Step())
        {
            models.Add(RegisteredModels.Current(rows));
        }

        return models.ConvertAll(model => ModelReader.Summary(session, model));
    });

    /// <summary>A model with all its versions.</summary>
    /// <exception cref="ModelRegistryException">There is none of that name.</exception>
    public ModelSummary Get(string name) => Ask(session => ModelReader.Summary(session, RegisteredModels.Get(session, name)));

    /// <summary>One version.</summary>
    /// <param name="reference">As in <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>.</param>
    /// <exception cref="ModelRegistryException">There is none such.</exception>
    public ModelVersionSummary GetVersion(string reference) => Ask(session => ModelReader.Summary(session, ModelReader.Find(session, reference)));

    /// <summary>What a version was made from: the run or trial, the data that it read, and the pipeline.</summary>
    /// <param name="reference">As in <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>.</param>
    /// <exception cref="ModelRegistryException">There is none such.</exception>
    public ModelLineage LineageOf(string reference) => Ask(session => LineageReader.Read(session, ModelReader.Find(session, reference)));

    /// <summary>Registers the files of a run or a trial as the next version of a model, which is made if it is not there.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="run">The run's id, or a trial as <c>STUDY/NUMBER</c>.</param>
    /// <param name="path">The folder of the model within the run's files; empty: all of them.</param>
    /// <param name="description">What the version is; null: nothing is said.</param>
    /// <exception cref="ModelRegistryException">There is no such run, or the name cannot be taken.</exception>
    public async Task<ModelVersionSummary> RegisterAsync(string name, string run, string path = "", string? description = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(path);
        long number = 0;
        await ChangeAsync((session, now) =>
        {
            RegistryLimits.ModelName(name);
            RegistryLimits.Description(description);
            var key = RunReference.Find(session, run);
            var relative = ArtifactPath.Parse(path);
            var place = ArtifactLocation.OfRun(session, key);
            var source = relative.Length == 0 ? place : $"{place}/{relative}";
            var model = RegisteredModels.Find(session, name) ?? RegisteredModels.Create(session, name, null, now);
            number = ModelVersions.Create(session, new ModelVersion
            {
                Model = model.Key,
                Name = name,
                Version = 0,
                Stage = "None",
                Description = description,
                Source = source,
                Location = source,
                RunId = session.RunIds.Of(key),
                Created = now,
                Updated = now,
            });
        });
        return GetVersion(string.Create(CultureInfo.InvariantCulture, $"{name}/{number}"));
    }

    /// <summary>Moves a version to a stage.</summary>
    /// <param name="reference">As in <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>.</param>
    /// <param name="stage"><c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>, in any case.</param>
    /// <param name="archivesOthers">Whether versions that are in that stage leave it for the archive.</param>
    /// <exception cref="ModelRegistryException">There is no such version or stage.</exception>
    public Task MoveAsync(string reference, string stage, bool archivesOthers) => ChangeAsync((session, now) =>
    {
        var name = Stages.Parse(stage);
        if (archivesOthers)
        {
            Stages.CheckArchives(name);
        }

        ModelVersions.Move(session, ModelReader.Find(session, reference), name, archivesOthers, now);
    });

    /// <summary>Leads an alias to a version, away from the one that had it.</summary>
    /// <param name="reference">As in <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>.</param>
    /// <param name="alias">The alias.</param>
    /// <exception cref="ModelRegistryException">There is no such version, or the alias cannot be one.</exception>
    public Task SetAliasAsync(string reference, string alias) => ChangeAsync((session, _) =>
    {
        if (string.IsNullOrEmpty(alias))
        {
            throw TrackingException.Invalid("The alias is empty.");
        }

        ModelAliases.Check(alias);
        ModelAliases.Set(session, ModelReader.Find(session, reference), alias);
    });

    /// <summary>Gives a model another name.</summary>
    /// <exception cref="ModelRegistryException">There is no such model, or the new name cannot be taken.</exception>
    public Task RenameAsync(string name, string newName) => ChangeAsync((session, now) =>
        RegisteredModels.Rename(session, RegisteredModels.Get(session, name), RegistryLimits.ModelName(newName), now));

    /// <summary>Removes a version, or a model with all its versions if neither a version nor an alias is named. Files stay.</summary>
    /// <exception cref="ModelRegistryException">There is none such.</exception>
    public Task DeleteAsync(string reference) => ChangeAsync((session, now) =>
    {
        if (ModelReader.IsVersion(reference))
        {
            ModelVersions.Delete(session, ModelReader.Find(session, reference), now);
        }
        else
        {
            RegisteredModels.Delete(session, RegisteredModels.Get(session, reference).Key);
        }
    });

    /// <summary>Copies the files of a version to a folder, which is made if it is not there; returns how many there are.</summary>
    /// <param name="reference">As in <c>NAME/VERSION</c>, <c>NAME@ALIAS</c> or <c>NAME</c>.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Gives up in the middle; what was copied stays.</param>
    /// <exception cref="ModelRegistryException">There is no such version, it has no files, or they lie elsewhere.</exception>
    public async Task<int> DownloadAsync(string reference, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Ask(session => ArtifactPath.Parse(ArtifactLocation.PathOf(
            ArtifactLocation.Followed(session, ModelReader.Find(session, reference).Location))));
        var log = new Mlflow.ImportLog();
        var copy = new Mlflow.ExportedFiles(_files, log);
        await copy.CopyFolderAsync(path, folder, cancellationToken);
        if (copy.Count == 0 && log.Count == 0)
        {
            await copy.CopyFileAsync(path, Path.Combine(folder, path[(path.LastIndexOf('/') + 1)..]), cancellationToken);
        }

        return log.Count == 0 ? copy.Count : throw new ModelRegistryException($"The files of {reference} cannot be copied: {log.Problems[0]}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _files.Dispose();
    }

    private T Ask<T>(Func<TrackingSession, T> question)
    {
        var session = _store.Readers.Rent();
        try
        {
            return question(session);
        }
        catch (TrackingException refusal)
        {
            throw new ModelRegistryException(refusal.Message, refusal);
        }
        finally
        {
            _store.Readers.Return(session);
        }
    }

    private async Task ChangeAsync(Action<TrackingSession, long> change)
    {
        try
        {
            await _store.Writer.RunAsync(new StoreChange(session => change(session, _store.Now)));
        }
        catch (TrackingException refusal)
        {
            throw new ModelRegistryException(refusal.Message, refusal);
        }
    }
}

/// <summary>Something of the registry cannot be done. The message says why.</summary>
public sealed class ModelRegistryException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public ModelRegistryException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public ModelRegistryException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public ModelRegistryException() { }
}
