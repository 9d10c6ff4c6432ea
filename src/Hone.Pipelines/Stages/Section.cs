using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>A value of <c>dvc.yaml</c> with its place; asking for another kind than stands there is an error that names the place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct Section(Value Value, Place Place)
{
    public ValueMap Map() => Value as ValueMap ?? throw Place.At(Value.Line, Place.Key).Wrong($"{Describe()}; expected a mapping");

    public string Text() => Value switch
    {
        TextValue { Text.Length: > 0 } text => text.Text,
        WholeValue or RealValue => Value.ToString()!,
        _ => throw Place.At(Value.Line, Place.Key).Wrong($"{Describe()}; expected a text"),
    };

    public bool Flag() => Value is FlagValue flag ? flag.IsTrue : throw Place.At(Value.Line, Place.Key).Wrong($"{Describe()}; expected true or false");

    /// <summary>The items of a list; a single text or mapping counts as a list of one where <paramref name="isLenient"/>.</summary>
    public IReadOnlyList<Section> Items(bool isLenient = false)
    {
        var place = Place;
        return Value switch
        {
            ValueList list => [.. list.Items.Select((item, i) => new Section(item, place.At(item.Line, $"{place.Key}[{i}]")))],
            NothingValue => [],
            TextValue or ValueMap when isLenient => [this],
            _ => throw Place.At(Value.Line, Place.Key).Wrong($"{Describe()}; expected a list"),
        };
    }

    /// <summary>The value of a key of a mapping; null if it is not there.</summary>
    public Section? Get(string key) =>
        Map().Find(key) is { } value ? new Section(value, Place.In(key, Map().LineOf(key))) : null;

    /// <summary>Refuses keys that mean nothing here.</summary>
    public void Only(params IReadOnlyCollection<string> keys)
    {
        foreach (var key in Map().Keys)
        {
            if (!keys.Contains(key))
            {
                throw Place.In(key, Map().LineOf(key)).Wrong($"'{key}' is not known here; expected {string.Join(", ", keys)}");
            }
        }
    }

    /// <summary>The same place with all expressions replaced.</summary>
    public Section Resolved(Interpolation interpolation) => this with { Value = interpolation.Resolve(Value, Place) };

    private string Describe() => Value switch
    {
        TextValue { Text.Length: 0 } => "an empty text stands here",
        NothingValue => "nothing stands here",
        _ => $"{Value.Kind} stands here",
    };
}
