namespace Hone.Space;

/// <summary>One assignment of a value to every active parameter of a space. Immutable.</summary>
public sealed class Configuration : IEquatable<Configuration>
{
    private readonly double[] _codes;

    /// <param name="space">The space.</param>
    /// <param name="codes">One code a parameter, in the space's order; NaN for an inactive one. Kept, so not to be changed afterwards.</param>
    /// <exception cref="SearchSpaceException">
    /// A value lies outside its parameter, an active parameter has none, or an inactive one has one.
    /// </exception>
    public Configuration(SearchSpace space, double[] codes)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes.Length, space.Parameters.Count);
        Space = space;
        _codes = codes;
        for (var i = 0; i < codes.Length; i++)
        {
            Check(i);
        }
    }

    /// <summary>The space that the configuration is a point of.</summary>
    public SearchSpace Space { get; }

    /// <summary>The codes in the space's order; NaN for an inactive parameter.</summary>
    public ReadOnlySpan<double> Codes => _codes;

    /// <summary>The value of an active parameter.</summary>
    /// <exception cref="KeyNotFoundException">The space has no such parameter, or it is inactive here.</exception>
    public ParameterValue this[string name] => TryGet(name, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no active parameter '{name}' in this configuration.");

    /// <summary>The active parameters and their values, in the space's order.</summary>
    public IEnumerable<KeyValuePair<string, ParameterValue>> Values
    {
        get
        {
            for (var i = 0; i < _codes.Length; i++)
            {
                if (!double.IsNaN(_codes[i]))
                {
                    yield return new(Space.Parameters[i].Name, Space.Parameters[i].Value(_codes[i]));
                }
            }
        }
    }

    /// <summary>A configuration from named values, as read from a file or a store.</summary>
    /// <exception cref="SearchSpaceException">A name is unknown, a value outside its parameter, or an active parameter missing.</exception>
    public static Configuration Of(SearchSpace space, IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(values);
        var codes = new double[space.Parameters.Count];
        Array.Fill(codes, double.NaN);
        foreach (var (name, value) in values)
        {
            var index = space.IndexOf(name);
            if (index < 0)
            {
                throw new SearchSpaceException($"The space has no parameter '{name}'.");
            }

            codes[index] = space.Parameters[index].CodeOf(value)
                ?? throw new SearchSpaceException($"Parameter '{name}': {value} is not one of {space.Parameters[index].Describe()}.");
        }

        return new Configuration(space, codes);
    }

    /// <summary>The value of a parameter, if the space has it and it is active here.</summary>
    public bool TryGet(string name, out ParameterValue value)
    {
        var index = Space.IndexOf(name);
        if (index < 0 || double.IsNaN(_codes[index]))
        {
            value = default;
            return false;
        }

        value = Space.Parameters[index].Value(_codes[index]);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Configuration? other) => other is not null && _codes.AsSpan().SequenceEqual(other._codes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var code in _codes)
        {
            hash.Add(code);
        }

        return hash.ToHashCode();
    }

    /// <summary>The active values as <c>name=value</c>, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', Values.Select(v => $"{v.Key}={v.Value}"));

    private void Check(int index)
    {
        var parameter = Space.Parameters[index];
        var active = Space.IsActive(index, _codes);
        if (active && !parameter.Contains(_codes[index]))
        {
            throw new SearchSpaceException(double.IsNaN(_codes[index])
                ? $"Parameter '{parameter.Name}' is active and has no value."
                : $"Parameter '{parameter.Name}': code {_codes[index]} is not one of {parameter.Describe()}.");
        }

        if (!active && !double.IsNaN(_codes[index]))
        {
            throw new SearchSpaceException($"Parameter '{parameter.Name}' is inactive here and must have no value.");
        }
    }
}
