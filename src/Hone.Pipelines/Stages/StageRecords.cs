using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Stages;

/// <summary>Makes the records of stages from what lies in the workspace, and writes them into lock files. Thread-safe.</summary>
internal sealed class StageRecords
{
    private readonly Pipeline _pipeline;
    private readonly StageData _data;
    private readonly TimeProvider _time;
    private readonly Git? _git;

    public StageRecords(Repository repository, Pipeline pipeline, StageData data, TimeProvider time)
    {
        _pipeline = pipeline;
        _data = data;
        _time = time;
        _git = Git.Holds(repository.Root) ? Git.Of(repository) : null;
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
    public async Task<bool> RecordAsync(Stage stage, LockedStage inputs, bool skipsCache)
    {
        var outputs = stage.Outputs.Select(output => (Output: output, Content: output.IsCached && !skipsCache ? _data.Keep(output.Path) : _data.Look(output.Path))).ToList();
        var missing = outputs.Where(found => found.Content is null).Select(found => $"'{found.Output.Path}'").ToList();
        if (missing.Count > 0)
        {
            throw new PipelineException(
                $"{stage.File}:{stage.Line}: stage '{stage.Name}' did not write its output{(missing.Count == 1 ? "" : "s")} {string.Join(", ", missing)}");
        }

        var record = LockedStage.Of(
            inputs.Command, inputs.Dependencies, inputs.Parameters, outputs.Select(found => found.Content!.Record(found.Output.Written)));
        if (!skipsCache)
        {
            var cached = stage.Outputs.Where(output => output.IsCached).Select(output => (output, record.Output(output.Written)!));
            await _data.LinkAsync(cached, _time, CancellationToken.None);
        }

        return await RecordAsync(stage, record);
    }

    /// <summary>Writes a record, and has Git ignore the outputs that the cache keeps.</summary>
    /// <returns>Whether the lock file changed.</returns>
    public async Task<bool> RecordAsync(Stage stage, LockedStage record)
    {
        string[] cached = [.. stage.Outputs.Where(output => output.IsCached).Select(output => output.Path)];
        var ignored = cached.Length == 0 ? [] : _git is null ? cached.ToHashSet() : await _git.IgnoredAsync(cached, CancellationToken.None);
        return await _pipeline.RecordAsync(stage, record, ignored, _time);
    }

    /// <summary>Refuses to have a stage write what Git keeps.</summary>
    /// <exception cref="PipelineException">Git keeps an output that the cache is to keep.</exception>
    public async Task RefuseKeptByGitAsync(Stage stage, CancellationToken cancellationToken)
    {
        string[] cached = [.. stage.Outputs.Where(output => output.IsCached).Select(output => output.Path)];
        if (_git is not null && cached.Length > 0 && (await _git.TrackedAsync(cached, cancellationToken)).Order(StringComparer.Ordinal).FirstOrDefault() is { } kept)
        {
            throw new PipelineException(
                $"{stage.File}:{stage.Line}: stage '{stage.Name}': Git keeps its output '{kept}'; take it out with git rm -r --cached '{kept}', or give it cache: false");
        }
    }
}
