namespace Hone.Cli.StudyFiles;

/// <summary>A mapping of the study file whose keys are known: reports those that are not, and those that stand twice.</summary>
internal sealed class Section
{
    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);
    private readonly Findings _findings;

    private Section(Field field, Findings findings)
    {
        Field = field;
        _findings = findings;
    }

    /// <summary>The mapping itself.</summary>
    public Field Field { get; }

    /// <summary>The keys that stand in it and are known, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => _fields.Keys;

    /// <summary>The value of a key, or null if it does not stand there.</summary>
    public Field? this[string key] => _fields.TryGetValue(key, out var field) ? field : null;

    /// <summary>Opens a mapping; null, with a finding, if it is none.</summary>
    /// <param name="field">Where the mapping should stand.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="keys">The keys that may stand in it; null: any.</param>
    public static Section? Open(Field field, Findings findings, IReadOnlyCollection<string>? keys)
    {
        if (field.Node is not YamlMap map)
        {
            findings.Add(field, $"{field.Describe()}; expected a mapping{(keys is null ? "" : $" with {NearestName.Choices(keys)}")}");
            return null;
        }

        var section = new Section(field, findings);
        foreach (var entry in map.Entries)
        {
            section.Add(entry, keys);
        }

        return section;
    }

    /// <summary>The value of a key that must stand there; null, with a finding, if it does not.</summary>
    public Field? Require(string key, string expected)
    {
        if (this[key] is { IsNothing: false } field)
        {
            return field;
        }

        if (this[key] is { } empty)
        {
            _findings.Add(empty, $"nothing stands here; expected {expected}");
        }
        else
        {
            _findings.Add(Field, $"the key '{key}' is missing; expected {expected}");
        }

        return null;
    }

    private void Add(YamlEntry entry, IReadOnlyCollection<string>? keys)
    {
        var name = entry.Key.Value;
        var path = Field.Path.Length == 0 ? name : $"{Field.Path}.{name}";
        if (keys is not null && !keys.Contains(name))
        {
            _findings.Add(entry.Key, path, $"unknown key{NearestName.Hint(name, keys)}");
        }
        else if (!_fields.TryAdd(name, new Field(path, entry.Value)))
        {
            _findings.Add(entry.Key, path, $"the key stands twice, first on line {_fields[name].Node.Line}; drop one");
        }
    }
}
