using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hone.Learning.Networks;

/// <summary>
/// What one example looks like between two layers: a row of numbers, a sequence of such rows, or an image. The last number always counts
/// the features or channels, which lie side by side.
/// </summary>
[JsonConverter(typeof(TensorShapeConverter))]
public sealed record TensorShape
{
    private const int Largest = 1 << 28;

    /// <param name="sizes">One to three numbers: features; steps and features; or height, width and channels. Each at least 1.</param>
    /// <exception cref="NetworkException">There are none or too many, or one is out of range.</exception>
    public TensorShape(params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var product = 1L;
        foreach (var size in sizes)
        {
            product = size < 1 || product > Largest ? Largest + 1L : product * size;
        }

        if (sizes.Length is < 1 or > 3 || product > Largest)
        {
            throw new NetworkException(
                $"[{string.Join(", ", sizes)}] is no shape. It takes one to three numbers from 1 up: features; steps and features; or height, width and channels.");
        }

        Sizes = [.. sizes];
        Count = (int)product;
        Features = sizes[^1];
    }

    /// <summary>The sizes, the features or channels last.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>How many numbers an example has.</summary>
    public int Count { get; }

    /// <summary>The last size: features of a row or of a step, channels of a pixel.</summary>
    public int Features { get; }

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) => other is not null && Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.Aggregate(0, HashCode.Combine);

    /// <summary>The sizes as <c>28 x 28 x 1</c>.</summary>
    public override string ToString() => string.Join(" x ", Sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>Writes a shape as the list of its sizes.</summary>
internal sealed class TensorShapeConverter : JsonConverter<TensorShape>
{
    /// <inheritdoc/>
    public override TensorShape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a shape is a list of numbers.");
        }

        var sizes = new List<int>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number && sizes.Count < 4)
        {
            sizes.Add(reader.GetInt32());
        }

        return reader.TokenType == JsonTokenType.EndArray
            ? new TensorShape([.. sizes])
            : throw new JsonException("a shape is a list of one to three numbers.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TensorShape value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var size in value.Sizes)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
    }
}
