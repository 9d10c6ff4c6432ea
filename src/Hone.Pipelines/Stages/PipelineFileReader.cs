using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Stages;

/// <summary>Reads a <c>dvc.yaml</c>: variables, groups, stages, and what stands beside them.</summary>
internal sealed class PipelineFileReader
{
    private static readonly string[] Keys = ["stages", "vars", "params", "metrics", "plots", "artifacts", "datasets"];
    private readonly PipelineFiles _files;
    private readonly string _path;
    private readonly string _folder;
    private readonly ArgumentStyle _style;

    private PipelineFileReader(PipelineFiles files, string path, ArgumentStyle style)
    {
        _files = files;
        _path = path;
        _folder = PipelinePaths.Folder(path);
        _style = style;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="files">Where it and the parameters it uses are.</param>
    /// <param name="path">From the repository's root.</param>
    /// <param name="style">How mappings become arguments.</param>
    /// <exception cref="PipelineException">It is not there, or something in it is wrong.</exception>
    public static PipelineFile Read(PipelineFiles files, string path, ArgumentStyle style = default)
    {
        var text = files.Text(path) ?? throw new PipelineException($"{path}: there is no such file", PipelineFault.WrongInput);
        return new PipelineFileReader(files, path, style).Read(text);
    }

    private PipelineFile Read(string text)
    {
        var place = new Place(_path, 0, "");
        var root = YamlValues.Of(YamlReader.Read(text, _path)) is var value and not NothingValue ? new Section(value, place).Map() : ValueMap.Empty;
        var section = new Section(root, place);
        section.Only(Keys);
        var variables = new VariablesReader(_files, _folder).Read(section.Get("vars"), Default());
        var stages = new List<Stage>();
        if (section.Get("stages") is { } definitions)
        {
            var map = definitions.Map();
            foreach (var name in map.Keys)
            {
                stages.AddRange(new StageReader(_files, _path, variables, _style).Read(name, definitions.Get(name)!.Value));
            }
        }

        var interpolation = new Interpolation(variables, _style);
        return new PipelineFile(
            _path,
            stages,
            Paths(section.Get("params"), interpolation),
            Paths(section.Get("metrics"), interpolation),
            section.Get("plots") is { } plots ? PlotReader.Definitions(plots.Resolved(interpolation), _folder, _path) : []);
    }

    private Variables Default()
    {
        var path = PipelinePaths.Combine(_folder, ParametersFile.Usual);
        return _files.Parameters(path) is { } parameters ? Variables.None.With(parameters, path) : Variables.None;
    }

    private List<string> Paths(Section? section, Interpolation interpolation) => section is { } list
        ? [.. list.Resolved(interpolation).Items().Select(item => PipelinePaths.Combine(_folder, item.Text()))]
        : [];
}

/// <summary>Reads <c>vars</c>: mappings, files, and keys of files.</summary>
internal sealed class VariablesReader(PipelineFiles files, string folder)
{
    /// <summary>The known variables and those that a list adds.</summary>
    public Variables Read(Section? section, Variables known)
    {
        if (section is not { } list)
        {
            return known;
        }

        var loaded = new HashSet<string>(StringComparer.Ordinal) { PipelinePaths.Combine(folder, ParametersFile.Usual) };
        foreach (var item in list.Items())
        {
            if (Interpolation.HasExpression(item.Value.ToString()!))
            {
                throw item.Place.Wrong("vars cannot use ${} themselves");
            }

            known = item.Value is ValueMap map ? known.With(map, item.Place.ToString()) : FromFile(item, known, loaded);
        }

        return known;
    }

    private Variables FromFile(Section item, Variables known, HashSet<string> loaded)
    {
        var text = item.Text();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var path = PipelinePaths.Combine(folder, colon < 0 ? text : text[..colon]);
        var parameters = files.Parameters(path) ?? throw item.Place.Wrong($"there is no file '{path}'");
        if (colon >= 0)
        {
            var chosen = text[(colon + 1)..].Split(',').Select(key => key.Trim()).Select(key => KeyValuePair.Create(
                key, parameters.Find(key) ?? throw item.Place.Wrong($"'{path}' has no '{key}'")));
            return known.With(new ValueMap([.. chosen]), path);
        }

        return loaded.Add(path) ? known.With(parameters, path) : known;
    }
}
