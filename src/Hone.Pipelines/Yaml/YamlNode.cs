namespace Hone.Pipelines.Yaml;

/// <summary>A value of a YAML document: a scalar, a list or a map. One that was read knows its place.</summary>
public abstract class YamlNode
{
    /// <summary>Line, from 1; 0 for a value that was not read.</summary>
    public int Line { get; internal init; }

    /// <summary>Column, from 1; 0 for a value that was not read.</summary>
    public int Column { get; internal init; }

    /// <summary>Where its text begins in the document, in characters from 0.</summary>
    internal int Start { get; init; }

    /// <summary>Where its text ends: the character after the last one.</summary>
    internal int End { get; init; }

    /// <summary>Whether it was written in flow style, <c>[a, b]</c> or <c>{a: b}</c>, or stands for an alias.</summary>
    internal bool IsFlow { get; init; }
}
