namespace Hone.Cli.StudyFiles;

/// <summary>A value in a YAML file, with its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Size">How many nodes it stands for with all aliases followed, itself included.</param>
internal abstract record YamlNode(long Line, long Column, long Size);

/// <summary>A text, number, truth value or nothing: the reader decides by what it expects.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Value">Without quotes.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be a number.</param>
internal sealed record YamlText(long Line, long Column, string Value, bool IsPlain) : YamlNode(Line, Column, 1)
{
    /// <summary>Whether nothing stands there: <c>key:</c>, <c>null</c> or <c>~</c>.</summary>
    public bool IsNothing => IsPlain && Value is "" or "null" or "Null" or "NULL" or "~";
}

/// <summary>A list.</summary>
internal sealed record YamlList(long Line, long Column, IReadOnlyList<YamlNode> Items)
    : YamlNode(Line, Column, 1 + Items.Sum(item => item.Size));

/// <summary>Keys with values, in the order of the file; a key may stand twice.</summary>
internal sealed record YamlMap(long Line, long Column, IReadOnlyList<YamlEntry> Entries)
    : YamlNode(Line, Column, 1 + Entries.Sum(entry => entry.Value.Size));

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="IsMerged">Whether it came from another mapping by <c>&lt;&lt;</c>.</param>
internal sealed record YamlEntry(YamlText Key, YamlNode Value, bool IsMerged);
