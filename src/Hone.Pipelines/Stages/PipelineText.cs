using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Stages;

/// <summary>Changes the text of pipeline files where it must be changed; comments, order and style of all else stay.</summary>
public static class PipelineText
{
    /// <summary>Freezes a stage, or has it run again.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="stage">The stage; one of a group stands for its group.</param>
    /// <param name="isFrozen">Whether it is to be frozen.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PipelineException">The file cannot be read or written.</exception>
    public static bool Freeze(Repository repository, Stage stage, bool isFrozen)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(stage);
        var path = Path.Combine(repository.Root, stage.File);
        var document = YamlDocument.Read(SafeFile.ReadText(path) ?? "", stage.File);
        var root = Copy((YamlMap)document.Root);
        if (stage.IsTracked)
        {
            Set(root, isFrozen);
            return SafeFile.WriteText(path, document.Changed(root));
        }

        var stages = Copy((YamlMap)root["stages"]!);
        var name = stage.Group ?? stage.Name;
        var entry = Copy((YamlMap)stages[name]!);
        if (entry["do"] is YamlMap body)
        {
            var repeated = Copy(body);
            Set(repeated, isFrozen);
            entry["do"] = repeated;
        }
        else
        {
            Set(entry, isFrozen);
        }

        stages[name] = entry;
        root["stages"] = stages;
        return SafeFile.WriteText(path, document.Changed(root));
    }

    /// <summary>Adds a stage to a pipeline file, or replaces the one of that name.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="file">The <c>dvc.yaml</c>, from the repository's root; made if it is not there.</param>
    /// <param name="name">The stage's name.</param>
    /// <param name="entry">What stands under the name.</param>
    /// <param name="replaces">Whether there may be one of that name.</param>
    /// <exception cref="PipelineException">The name is taken or not fit for one, or the stage contradicts another; then the file is as it was.</exception>
    public static void Add(Repository repository, string file, string name, ValueMap entry, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new PipelineException($"'{name}' is no name for a stage; expected letters, digits, - and _", PipelineFault.WrongInput);
        }

        var path = Path.Combine(repository.Root, file);
        var before = SafeFile.ReadText(path);
        var document = YamlDocument.Read(before ?? "", file);
        var root = document.Root is YamlMap map ? Copy(map) : new YamlMap();
        var stages = root["stages"] is YamlMap known ? Copy(known) : new YamlMap();
        if (stages[name] is not null && !replaces)
        {
            throw new PipelineException($"{file}: there is a stage '{name}' already; give --force to replace it", PipelineFault.WrongInput);
        }

        stages[name] = YamlValues.Node(entry);
        root["stages"] = stages;
        SafeFile.WriteText(path, document.Changed(root));
        try
        {
            Pipeline.Load(repository).Dispose();
        }
        catch (PipelineException)
        {
            Restore(path, before);
            throw;
        }
    }

    private static void Restore(string path, string? before)
    {
        if (before is null)
        {
            File.Delete(path);
        }
        else
        {
            SafeFile.WriteText(path, before);
        }
    }

    private static void Set(YamlMap map, bool isFrozen)
    {
        if (isFrozen)
        {
            map["frozen"] = YamlScalar.Of(true);
        }
        else
        {
            map.Remove("frozen");
        }
    }

    private static YamlMap Copy(YamlMap map)
    {
        var copy = new YamlMap();
        foreach (var entry in map.Entries)
        {
            copy.TryAdd(entry);
        }

        return copy;
    }
}
