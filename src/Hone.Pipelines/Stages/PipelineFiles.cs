using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>The text files that a pipeline is made of, in the workspace or in a commit. Parameters are read once. Thread-safe.</summary>
public sealed class PipelineFiles
{
    private readonly Func<string, string?> _read;
    private readonly Dictionary<string, ValueMap?> _parameters = new(StringComparer.Ordinal);

    /// <param name="read">Gives the text of a file by its path from the repository's root; null if there is none.</param>
    public PipelineFiles(Func<string, string?> read) => _read = read;

    /// <summary>The files of a folder.</summary>
    /// <param name="root">The repository's root.</param>
    public static PipelineFiles In(string root) => new(path => Read(root, path));

    /// <summary>The parameters of a file; null if there is no such file.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <exception cref="PipelineException">It cannot be read.</exception>
    public ValueMap? Parameters(string path)
    {
        lock (_parameters)
        {
            if (!_parameters.TryGetValue(path, out var known))
            {
                _parameters.Add(path, known = Text(path) is { } text ? ParametersFile.Read(text, path) : null);
            }

            return known;
        }
    }

    /// <summary>Forgets the parameters that were read: a stage may have written some.</summary>
    public void Forget()
    {
        lock (_parameters)
        {
            _parameters.Clear();
        }
    }

    /// <summary>The text of a file; null if there is no such file.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <exception cref="PipelineException">It cannot be read.</exception>
    public string? Text(string path) => _read(path);

    private static string? Read(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"{path}: cannot be read: {wrong.Message}", PipelineFault.Failed, wrong);
        }
    }
}
