namespace Hone.Pipelines.Yaml;

/// <summary>A piece of a text to be replaced.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character after its last one.</param>
/// <param name="Text">What is to stand there.</param>
internal readonly record struct YamlEdit(int Start, int End, string Text);
