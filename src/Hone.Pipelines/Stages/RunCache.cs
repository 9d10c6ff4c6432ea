using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Stages;

/// <summary>The runs that a repository remembers: what a command made of the same dependencies and parameters need not be made again.</summary>
internal sealed class RunCache(Repository repository, StageData data)
{
    private string Root => Path.Combine(repository.Cache.Root, "runs");

    /// <summary>Whether runs of a stage are remembered: it has a command, dependencies and outputs, all cached and none persistent.</summary>
    public static bool Remembers(Stage stage) =>
        !stage.IsAlwaysChanged && (stage.Dependencies.Count > 0 || stage.Parameters.Count > 0) && stage.Outputs.Count > 0
        && stage.Dependencies.All(path => !PipelinePaths.IsOutside(path.Path))
        && stage.Outputs.All(output => output is { IsCached: true, IsPersistent: false });

    /// <summary>Remembers a run.</summary>
    public void Save(LockedStage run)
    {
        var inputs = RunKey.Inputs(run);
        var folder = Path.Combine(Root, inputs[..2], inputs);
        var path = Path.Combine(folder, RunKey.Result(run));
        if (!File.Exists(path))
        {
            SafeFile.MakeFolders(folder);
            SafeFile.WriteText(path, YamlWriter.Write(YamlValues.Node(run.ToValue())));
        }
    }

    /// <summary>The latest run on the same inputs whose outputs are all in the cache; null if there is none.</summary>
    /// <param name="inputs">The command, the dependencies and the parameters as they are now, and the paths of the outputs.</param>
    public LockedStage? Find(LockedStage inputs)
    {
        var key = RunKey.Inputs(inputs);
        var folder = new DirectoryInfo(Path.Combine(Root, key[..2], key));
        return folder.Exists
            ? folder.EnumerateFiles().Where(file => !SafeFile.IsTemporary(file.Name))
                .OrderByDescending(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => Read(file.FullName, key)).FirstOrDefault(run => run is not null)
            : null;
    }

    // A file that is damaged or says something else than its name is no run: the command runs instead.
    private LockedStage? Read(string path, string key)
    {
        try
        {
            var text = SafeFile.ReadText(path) ?? "";
            var run = LockedStage.Read(new Section(YamlValues.Of(YamlReader.Read(text, path)), new Place(path, 0, "")));
            return RunKey.Inputs(run) == key && RunKey.Result(run) == Path.GetFileName(path) && run.Outputs.All(data.IsCached) ? run : null;
        }
        catch (PipelineException)
        {
            return null;
        }
    }
}
