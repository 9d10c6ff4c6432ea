namespace Hone.Pipelines.Yaml;

/// <summary>Keys with values, in the order in which they stand.</summary>
public sealed class YamlMap : YamlNode
{
    private readonly OrderedDictionary<string, YamlEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The entries in their order.</summary>
    public IReadOnlyList<YamlEntry> Entries => _entries.Values;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a key; null if there is no such key. Setting keeps the place of a key that is there.</summary>
    public YamlNode? this[string key]
    {
        get => _entries.TryGetValue(key, out var entry) ? entry.Value : null;
        set => _entries[key] = new YamlEntry(
            _entries.TryGetValue(key, out var old) ? old.Key : YamlScalar.Of(key), value ?? YamlScalar.Null);
    }

    /// <summary>The entry of a key; null if there is no such key.</summary>
    public YamlEntry? Find(string key) => _entries.GetValueOrDefault(key);

    /// <summary>Adds an entry at the end.</summary>
    /// <returns>False, and nothing is added, if the key is there.</returns>
    public bool TryAdd(YamlEntry entry) => _entries.TryAdd(entry.Key.Text, entry);

    /// <summary>Adds a text under a key.</summary>
    public YamlMap With(string key, string value)
    {
        this[key] = YamlScalar.Of(value);
        return this;
    }

    /// <summary>Adds a value under a key.</summary>
    public YamlMap With(string key, YamlNode value)
    {
        this[key] = value;
        return this;
    }

    /// <summary>Takes a key out, if it is there.</summary>
    public bool Remove(string key) => _entries.Remove(key);
}
