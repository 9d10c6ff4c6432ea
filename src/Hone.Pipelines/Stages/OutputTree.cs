namespace Hone.Pipelines.Stages;

/// <summary>Which stage writes which path. An output may not be another's, nor lie within it.</summary>
internal sealed class OutputTree
{
    private readonly Dictionary<string, Stage> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Stage>> _within = new(StringComparer.Ordinal);

    public void Add(Stage stage, StageOutput output)
    {
        if (_makers.TryGetValue(output.Path, out var other))
        {
            throw Wrong(stage, other == stage
                ? $"'{output.Path}' is named twice among its outputs"
                : $"'{output.Path}' is an output of {Named(other)} too; one of the two must write elsewhere");
        }

        if (_within.TryGetValue(output.Path, out var inner))
        {
            throw Wrong(stage, $"the output '{output.Path}' holds an output of {Named(inner[0])}; an output may not lie within another");
        }

        foreach (var folder in Folders(output.Path))
        {
            if (_makers.TryGetValue(folder, out var outer))
            {
                throw Wrong(stage, $"the output '{output.Path}' lies within '{folder}', an output of {Named(outer)}; an output may not lie within another");
            }
        }

        _makers.Add(output.Path, stage);
        foreach (var folder in Folders(output.Path))
        {
            if (!_within.TryGetValue(folder, out var stages))
            {
                _within.Add(folder, stages = []);
            }

            stages.Add(stage);
        }
    }

    /// <summary>The stages that write a path, a folder that holds it, or what lies within it.</summary>
    public IEnumerable<Stage> MakersOf(string path)
    {
        var makers = new List<Stage>();
        if (_makers.TryGetValue(path, out var maker))
        {
            makers.Add(maker);
        }

        makers.AddRange(Folders(path).Where(_makers.ContainsKey).Select(folder => _makers[folder]));
        return _within.TryGetValue(path, out var inner) ? makers.Concat(inner) : makers;
    }

    private static IEnumerable<string> Folders(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            yield return path[..at];
        }

        yield return "";
    }

    private static string Named(Stage stage) => stage.IsTracked ? $"'{stage.File}'" : $"stage '{stage}'";

    private static PipelineException Wrong(Stage stage, string problem) => new(
        $"{new Place(stage.File, stage.Line, "")}: {(stage.IsTracked ? "" : $"stage '{stage.Name}': ")}{problem}", PipelineFault.WrongInput);
}
