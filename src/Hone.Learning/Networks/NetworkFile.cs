using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Learning.Data;

namespace Hone.Learning.Networks;

/// <summary>A network as it lies in a file: its description and its numbers. Data only, never code.</summary>
/// <remarks>
/// One object of JSON: <c>format</c> "hone-network", <c>version</c> 1, <c>description</c>, and <c>parameters</c>, each with its <c>name</c>
/// (<c>layer.parameter</c>) and <c>values</c>, little-endian 32-bit numbers in Base64: weights output by output; those of a convolution
/// filter by filter, line by line, pixel by pixel; those of recurrent layers gate by gate, in PyTorch's order.
/// </remarks>
public sealed record NetworkFile
{
    private const string Known = "hone-network";

    /// <summary><c>hone-network</c>.</summary>
    public required string Format { get; init; }

    /// <summary>1.</summary>
    public required int Version { get; init; }

    /// <summary>What the network is built from.</summary>
    public required NetworkDescription Description { get; init; }

    /// <summary>All that it learned and remembers, in the order of its layers.</summary>
    public required IReadOnlyList<NetworkNumbers> Parameters { get; init; }

    /// <summary>Takes a network's description and numbers.</summary>
    public static NetworkFile Of(Network<float> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new NetworkFile
        {
            Format = Known,
            Version = 1,
            Description = network.Description,
            Parameters = [.. network.Parameters.Select(
                named => new NetworkNumbers(named.Name, MemoryMarshal.AsBytes(named.Parameter.Export().AsSpan()).ToArray()))],
        };
    }

    /// <summary>Reads a network from a file.</summary>
    /// <exception cref="DataException">There is no such file, or it is not a network that fits together.</exception>
    public static Network<float> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, NetworkJson.Default.NetworkFile)?.Open() ?? throw new FormatException("nothing stands in it.");
        }
        catch (Exception e) when (e is JsonException or FormatException or NetworkException or ArgumentException or OverflowException)
        {
            throw new DataException($"{path}: is not a network that Hone saved: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var part = path + ".part";
        File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(this, NetworkJson.Default.NetworkFile));
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Builds the network with the numbers of the file.</summary>
    /// <exception cref="FormatException">The numbers do not go with the description, or the file is of another format.</exception>
    /// <exception cref="NetworkException">The description does not fit together.</exception>
    public Network<float> Open()
    {
        if (Format != Known || Version != 1 || Parameters.Contains(null!))
        {
            throw new FormatException($"it is not of format {Known}, version 1.");
        }

        // Counted before anything is built: a damaged size must not take gigabytes.
        var counts = Description.NumbersOfLayers();
        var given = Parameters.Sum(numbers => numbers.Values.Length / (long)sizeof(float));
        if (counts.Values.Sum() != given)
        {
            throw new FormatException($"the layers take {counts.Values.Sum()} numbers, and {given} are there.");
        }

        var network = new Network<float>(Description, new SeededRandom(0));
        if (!network.Parameters.Select(named => named.Name).SequenceEqual(Parameters.Select(numbers => numbers.Name)))
        {
            throw new FormatException("the parameters are not those of the layers.");
        }

        for (var i = 0; i < Parameters.Count; i++)
        {
            network.Parameters[i].Parameter.Import(MemoryMarshal.Cast<byte, float>(Parameters[i].Values));
        }

        return network;
    }
}

/// <summary>One parameter of a layer in a file.</summary>
/// <param name="Name"><c>layer.parameter</c>.</param>
/// <param name="Values">Little-endian 32-bit numbers.</param>
public sealed record NetworkNumbers(string Name, byte[] Values);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true,
    RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworkFile))]
[JsonSerializable(typeof(NetworkDescription))]
internal sealed partial class NetworkJson : JsonSerializerContext;
