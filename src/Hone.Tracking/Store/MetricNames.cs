namespace Hone.Tracking.Store;

/// <summary>The keys of metric names on one connection. A name is written once to the store and known by its key after.</summary>
internal sealed class MetricNames
{
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _names = [];
    private readonly Statement _insert;
    private readonly Statement _byName;
    private readonly Statement _byKey;

    public MetricNames(Database database)
    {
        // Another program may write a name at the same time: then both are given one key.
        _insert = database.Prepare("INSERT INTO metric_names (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING metric");
        _byName = database.Prepare("SELECT metric FROM metric_names WHERE name = ?1");
        _byKey = database.Prepare("SELECT name FROM metric_names WHERE metric = ?1");
    }

    /// <summary>The key of a name, which is given one within the open transaction if it has none.</summary>
    public long KeyOf(string name)
    {
        if (Find(name) is { } key)
        {
            return key;
        }

        _insert.Bind(1, name);
        key = _insert.RunAndGet();
        _keys.Add(name, key);
        return key;
    }

    /// <summary>The key of a name; null if nothing was ever reported under it.</summary>
    public long? Find(string name)
    {
        if (_keys.TryGetValue(name, out var key))
        {
            return key;
        }

        _byName.Bind(1, name);
        if (!_byName.Step())
        {
            return null;
        }

        key = _byName.Int64(0);
        _byName.Reset();
        _keys.Add(name, key);
        return key;
    }

    /// <summary>The name of a key that stands in the store.</summary>
    public string NameOf(long key)
    {
        if (!_names.TryGetValue(key, out var name))
        {
            _byKey.Bind(1, key);
            name = _byKey.Step() ? _byKey.Text(0)! : throw new StudyStoreException($"The store is damaged: metric {key} has no name.");
            _byKey.Reset();
            _names.Add(key, name);
        }

        return name;
    }

    /// <summary>Forgets all keys: some may have been given in a transaction that was undone.</summary>
    public void Forget()
    {
        _keys.Clear();
        _names.Clear();
    }
}
