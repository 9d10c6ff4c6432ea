using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>Compares stages with what the lock file says of them.</summary>
/// <param name="data">What lies in the workspace and in the cache.</param>
/// <param name="files">The parameters files.</param>
internal sealed class StageComparison(StageData data, PipelineFiles files)
{
    /// <summary>What changed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="locked">Its record; null if it never ran.</param>
    /// <param name="folder">From where paths are told, from the repository's root.</param>
    public StageStatus Status(Stage stage, LockedStage? locked, string folder = "")
    {
        var dependencies = new List<KeyValuePair<string, Value>>();
        if (!stage.IsFrozen)
        {
            foreach (var path in stage.Dependencies)
            {
                Add(dependencies, folder, path.Path, Dependency(path, locked?.Dependency(path.Written)));
            }

            foreach (var parameters in stage.Parameters)
            {
                Add(dependencies, folder, parameters.Path, Parameters(parameters, locked?.ParametersOf(parameters.Written)));
            }
        }

        var outputs = new List<KeyValuePair<string, Value>>();
        foreach (var output in stage.Outputs)
        {
            Add(outputs, folder, output.Path, Output(output, locked?.Output(output.Written)));
        }

        return new StageStatus(
            stage,
            new ValueMap(dependencies),
            new ValueMap(outputs),
            locked is not null && !locked.Command.IsSameAs(CommandOf(stage)),
            !stage.IsFrozen && (stage.IsAlwaysChanged || stage.IsCallback));
    }

    /// <summary>The command as it is recorded.</summary>
    public static Value CommandOf(Stage stage) => stage.IsCommandList
        ? new ValueList([.. stage.Commands.Select(command => new TextValue(command))])
        : new TextValue(stage.Commands[0]);

    /// <summary>The parameters of a stage as they are now, for its record.</summary>
    /// <exception cref="PipelineException">A file or a parameter is missing.</exception>
    public IEnumerable<KeyValuePair<string, ValueMap>> Current(Stage stage)
    {
        foreach (var parameters in stage.Parameters)
        {
            var all = files.Parameters(parameters.Path)
                ?? throw new PipelineException($"stage '{stage}' needs the parameters file '{parameters.Path}', which is not there", PipelineFault.WrongInput);
            var missing = parameters.Names.Where(name => ParametersFile.Find(all, name) is null).ToList();
            if (missing.Count > 0)
            {
                throw new PipelineException(
                    $"stage '{stage}' needs {(missing.Count == 1 ? "the parameter" : "the parameters")} {string.Join(", ", missing)} of '{parameters.Path}', which {(missing.Count == 1 ? "is" : "are")} not there",
                    PipelineFault.WrongInput);
            }

            yield return KeyValuePair.Create(parameters.Written, parameters.Names.Count == 0
                ? all
                : new ValueMap([.. parameters.Names.Select(name => KeyValuePair.Create(name, ParametersFile.Find(all, name)!))]));
        }
    }

    private static void Add(List<KeyValuePair<string, Value>> changes, string folder, string path, Value? change)
    {
        var shown = PipelinePaths.Relative(folder, path);
        if (change is not null && !changes.Exists(known => known.Key == shown))
        {
            changes.Add(KeyValuePair.Create(shown, change));
        }
    }

    private TextValue? Dependency(StagePath path, LockedPath? locked) => data.Look(path.Path, locked) switch
    {
        null => ChangeWord.Deleted,
        { } found when locked?.Id != found.Id => ChangeWord.Modified,
        _ => null,
    };

    private TextValue? Output(StageOutput output, LockedPath? locked)
    {
        if (output.IsCached && locked?.Id is not null && !data.IsCached(locked))
        {
            return ChangeWord.NotInCache;
        }

        return data.Look(output.Path, locked) switch
        {
            null => ChangeWord.Deleted,
            { } found when locked?.Id != found.Id => ChangeWord.Modified,
            _ => null,
        };
    }

    private Value? Parameters(StageParameters parameters, ValueMap? locked)
    {
        if (files.Parameters(parameters.Path) is not { } all)
        {
            return ChangeWord.Deleted;
        }

        if (locked is null)
        {
            return ChangeWord.New;
        }

        var names = parameters.Names.Count > 0 ? parameters.Names : [.. all.Keys.Union(locked.Keys, StringComparer.Ordinal)];
        var changes = names
            .Select(name => KeyValuePair.Create(name, (Value?)Change(ParametersFile.Find(all, name), locked.Find(name))))
            .Where(change => change.Value is not null)
            .Select(change => KeyValuePair.Create(change.Key, change.Value!))
            .ToList();
        return changes.Count > 0 ? new ValueMap(changes) : null;
    }

    private static TextValue? Change(Value? now, Value? then) => (now, then) switch
    {
        (null, null) => ChangeWord.Deleted,
        (null, _) => ChangeWord.Deleted,
        (_, null) => ChangeWord.New,
        _ => now.IsSameAs(then) ? null : ChangeWord.Modified,
    };
}
