using System.Globalization;

namespace Hone.Cli.StudyFiles;

/// <summary>One thing that is wrong with a study file, at its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">The key with those above it, e.g. <c>space.momentum.when</c>; <c>file</c> for the file as a whole.</param>
/// <param name="Message">What is wrong, with which value, and what was expected.</param>
internal sealed record Finding(long Line, long Column, string Key, string Message);

/// <summary>Collects everything that is wrong with one study file, so that all of it is told at once.</summary>
internal sealed class Findings(string file)
{
    private readonly List<Finding> _all = [];

    /// <summary>Whether anything is wrong so far.</summary>
    public bool Any => _all.Count > 0;

    /// <summary>Adds what is wrong with a field, at the field's place.</summary>
    public void Add(Field field, string message) => Add(field.Node, field.Path, message);

    /// <summary>Adds what is wrong at a place of the file.</summary>
    public void Add(YamlNode at, string key, string message) => _all.Add(new Finding(at.Line, at.Column, key.Length == 0 ? "file" : key, message));

    /// <summary>Adds what is wrong with the file as a whole, or with its form.</summary>
    public void AddToFile(long line, long column, string message) => _all.Add(new Finding(line, column, "file", message));

    /// <summary>One line a finding, <c>FILE:LINE:COLUMN: KEY: MESSAGE</c>, from the top of the file to its end.</summary>
    public IReadOnlyList<string> Lines() => [.. _all
        .OrderBy(f => f.Line).ThenBy(f => f.Column)
        .Select(f => string.Create(CultureInfo.InvariantCulture, $"{file}:{f.Line}:{f.Column}: {f.Key}: {f.Message}").ReplaceLineEndings(" "))
        .Distinct(StringComparer.Ordinal)];
}
