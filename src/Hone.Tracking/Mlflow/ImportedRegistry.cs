using System.Globalization;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes the registered models of another store.</summary>
internal sealed class ImportedRegistry(TrackingStore store, ImportedFiles? files, ImportLog log)
{
    /// <summary>Writes models and those versions that are not there; returns how many versions were made.</summary>
    public async Task<int> RunAsync(IEnumerable<SourceModel> models)
    {
        var versions = 0;
        foreach (var model in models)
        {
            if (string.IsNullOrWhiteSpace(model.Name))
            {
                log.Skip("a registered model", "it has no name");
                continue;
            }

            var made = 0;
            await store.Writer.RunAsync(new StoreChange(session => made = Write(session, model)));
            versions += made;
        }

        return versions;
    }

    private int Write(TrackingSession session, SourceModel source)
    {
        var isNew = RegisteredModels.Find(session, source.Name) is null;
        var created = source.Created is null ? store.Now : MlflowValue.Ticks(source.Created);
        var model = isNew ? RegisteredModels.Create(session, source.Name, source.Description, created) : RegisteredModels.Get(session, source.Name);
        var made = 0;
        foreach (var version in source.Versions)
        {
            made += Add(session, model, version) ? 1 : 0;
        }

        if (isNew)
        {
            source.Tags.ForEach(tag => RegisteredModels.SetTag(session, model.Key, tag.Key, tag.Value));
            AddAliases(session, model, source);
        }

        if (isNew && source.Updated is { } updated)
        {
            RegisteredModels.Touch(session, model.Key, MlflowValue.Ticks(updated));
        }

        return made;
    }

    private static void AddAliases(TrackingSession session, in RegisteredModel model, SourceModel source)
    {
        foreach (var (alias, version) in source.Aliases)
        {
            if (long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ModelVersions.Find(session, model.Name, number) is { } found)
            {
                ModelAliases.Set(session, found, alias);
            }
        }
    }

    private bool Add(TrackingSession session, RegisteredModel model, SourceVersion source)
    {
        if (ModelVersions.Find(session, model.Name, source.Number) is not null)
        {
            return false;
        }

        var created = source.Created is null ? store.Now : MlflowValue.Ticks(source.Created);
        var name = source.Source ?? source.Location ?? "";
        ModelVersions.Insert(session, new ModelVersion
        {
            Model = model.Key,
            Name = model.Name,
            Version = source.Number,
            Stage = Stage(source.Stage),
            Description = source.Description,
            Source = name,
            Location = Location(session, source, name),
            RunId = source.RunId,
            RunLink = source.RunLink,
            ModelId = source.ModelId,
            Created = created,
            Updated = source.Updated is null ? created : MlflowValue.Ticks(source.Updated),
        });
        source.Tags.ForEach(tag => ModelVersions.SetTag(session, model.Key, source.Number, tag.Key, tag.Value));
        return true;
    }

    private string Location(TrackingSession session, SourceVersion source, string name)
    {
        if (files?.NewPlaceOf(source.Location ?? name) is { } place)
        {
            return place;
        }

        try
        {
            return source.Location ?? ModelSource.Follow(session, name, source.RunId).Location;
        }
        catch (TrackingException)
        {
            // It leads to where this server has nothing. It stays what it was.
            return name;
        }
    }

    private static string Stage(string? stage) => stage is "Staging" or "Production" or "Archived" ? stage : "None";
}
