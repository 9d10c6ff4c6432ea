namespace Hone.Pipelines.Yaml;

/// <summary>A key of a map with its value.</summary>
/// <param name="Key">The key; a number or a truth value as a key keeps its text.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
