using System.Globalization;
using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Stages;

/// <summary>Reads files of parameters and of metrics: YAML, JSON and TOML, by the ending of their names.</summary>
public static class ParametersFile
{
    /// <summary>The file whose parameters need no name before them.</summary>
    public const string Usual = "params.yaml";

    /// <summary>Reads a text.</summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="name">Its name, which tells the format; any other ending than <c>.json</c> and <c>.toml</c> is YAML.</param>
    /// <returns>The parameters; none for a file that holds nothing.</returns>
    /// <exception cref="PipelineException">It cannot be read as what its name says, or does not hold a mapping.</exception>
    public static ValueMap Read(string text, string name)
    {
        return Any(text, name) switch
        {
            ValueMap map => map,
            NothingValue => ValueMap.Empty,
            var other => throw new PipelineException(
                string.Create(CultureInfo.InvariantCulture, $"{name}:{Math.Max(1, other.Line)}: {other.Kind} where a mapping of names to values should stand"),
                PipelineFault.WrongInput),
        };
    }

    /// <summary>Reads a text of any shape; nothing if it is empty.</summary>
    /// <exception cref="PipelineException">It cannot be read as what its name says.</exception>
    public static Value Any(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            _ when string.IsNullOrWhiteSpace(text) => new NothingValue(),
            ".json" => JsonText.Read(text, name),
            ".toml" => TomlText.Read(text, name),
            ".py" => throw new PipelineException($"{name}: parameters in Python are not read; write them as YAML, JSON or TOML", PipelineFault.WrongInput),
            _ => YamlValues.Of(YamlReader.Read(text, name)),
        };
    }

    /// <summary>The value of a parameter such as <c>train.lr</c> or <c>layers.0</c>; null if it is not there.</summary>
    public static Value? Find(ValueMap parameters, string name)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(name);
        Value? value = parameters;
        foreach (var key in name.Split('.'))
        {
            value = value switch
            {
                ValueMap map => map.Find(key),
                ValueList list when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Items.Count => list.Items[i],
                _ => null,
            };
        }

        return value ?? parameters.Find(name);
    }
}
