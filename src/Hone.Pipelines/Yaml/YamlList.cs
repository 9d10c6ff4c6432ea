namespace Hone.Pipelines.Yaml;

/// <summary>Values in order.</summary>
public sealed class YamlList : YamlNode
{
    private readonly List<YamlNode> _items;

    /// <summary>A list of the values given.</summary>
    public YamlList(params IEnumerable<YamlNode> items) => _items = [.. items];

    /// <summary>The values.</summary>
    public IReadOnlyList<YamlNode> Items => _items;

    /// <summary>Puts a value at the end.</summary>
    public void Add(YamlNode item) => _items.Add(item);
}
