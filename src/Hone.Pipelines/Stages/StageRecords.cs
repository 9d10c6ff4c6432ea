namespace Hone.Pipelines.Stages;

/// <summary>Makes the records of stages from what lies in the workspace, and writes them into lock files. Thread-safe.</summary>
internal sealed class StageRecords
{
    private readonly Pipeline _pipeline;
    private readonly StageData _data;
    private readonly TimeProvider _time;

    public StageRecords(Pipeline pipeline, StageData data, TimeProvider time)
    {
        _pipeline = pipeline;
        _data = data;
        _time = time;
        Comparison = new StageComparison(data, pipeline.Parameters);
    }

    /// <summary>Compares stages with their records.</summary>
    public StageComparison Comparison { get; }

    /// <summary>What goes into a stage as it is now: command, dependencies, parameters, and outputs by their paths alone.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="mayKeep">Whether inputs that are missing keep their last record, as those of a frozen stage do.</param>
    /// <exception cref="PipelineException">Something that it needs is missing.</exception>
    public LockedStage Inputs(Stage stage, bool mayKeep = false)
    {
        if (mayKeep && _pipeline.Locked(stage) is { } known)
        {
            return known;
        }

        var missing = stage.Dependencies.Where(path => _data.Look(path.Path) is null).Select(path => $"'{path.Path}'").ToList();
        return missing.Count > 0
            ? throw new PipelineException(
                $"{stage.File}:{stage.Line}: stage '{stage.Name}' needs {string.Join(", ", missing)}, which {(missing.Count == 1 ? "is" : "are")} not there; "
                + "hone checkout or hone pull may bring what is recorded")
            : LockedStage.Of(
                StageComparison.CommandOf(stage),
                stage.Dependencies.Select(path => _data.Look(path.Path)!.Record(path.Written)),
                Comparison.Current(stage),
                stage.Outputs.Select(output => new LockedPath(output.Written, null, null, null)));
    }

    /// <summary>Records a stage with its outputs as they are now, and puts them into the cache.</summary>
    /// <returns>Whether the lock file changed.</returns>
    /// <exception cref="PipelineException">An output is missing.</exception>
    public Task<bool> RecordAsync(Stage stage, LockedStage inputs, bool skipsCache)
    {
        var outputs = stage.Outputs.Select(output => (Output: output, Content: output.IsCached && !skipsCache ? _data.Keep(output.Path) : _data.Look(output.Path))).ToList();
        var missing = outputs.Where(found => found.Content is null).Select(found => $"'{found.Output.Path}'").ToList();
        if (missing.Count > 0)
        {
            throw new PipelineException(
                $"{stage.File}:{stage.Line}: stage '{stage.Name}' did not write its output{(missing.Count == 1 ? "" : "s")} {string.Join(", ", missing)}");
        }

        return RecordAsync(stage, LockedStage.Of(
            inputs.Command, inputs.Dependencies, inputs.Parameters, outputs.Select(found => found.Content!.Record(found.Output.Written))));
    }

    /// <summary>Writes a record, and has Git ignore the outputs that the cache keeps.</summary>
    /// <returns>Whether the lock file changed.</returns>
    public Task<bool> RecordAsync(Stage stage, LockedStage record) => _pipeline.RecordAsync(stage, record, _time);
}
