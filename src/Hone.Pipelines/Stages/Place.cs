namespace Hone.Pipelines.Stages;

/// <summary>Where something stands, for messages.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Line">From 1; 0 if it is not known.</param>
/// <param name="Key">The keys that lead to it, e.g. <c>stages.train.cmd</c>.</param>
internal readonly record struct Place(string File, int Line, string Key)
{
    /// <summary>Another place in the same file.</summary>
    public Place At(int line, string key) => new(File, line > 0 ? line : Line, key);

    /// <summary>The place of a key in the value here.</summary>
    public Place In(string key, int line) => At(line, Key.Length == 0 ? key : $"{Key}.{key}");

    /// <summary>An exception that says what is wrong here.</summary>
    public PipelineException Wrong(string problem) => new($"{this}: {problem}", PipelineFault.WrongInput);

    /// <inheritdoc/>
    public override string ToString() => $"{File}{(Line > 0 ? $":{Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "")}{(Key.Length > 0 ? $": {Key}" : "")}";
}
