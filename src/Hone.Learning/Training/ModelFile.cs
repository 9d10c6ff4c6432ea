using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Learning.Training;

/// <summary>A model as it lies in its file; <see cref="SavedModel"/> says what the parts mean.</summary>
internal sealed record ModelFile
{
    public required string Format { get; init; }

    public required int Version { get; init; }

    public required Learner Learner { get; init; }

    public required TrainingLoss Loss { get; init; }

    public required string Target { get; init; }

    public required List<ModelColumn> Columns { get; init; }

    public required double[] Means { get; init; }

    public required double[] Deviations { get; init; }

    public required List<string> Classes { get; init; }

    public required Activation Activation { get; init; }

    public required List<ModelLayer> Layers { get; init; }

    public NetworkFile? Network { get; init; }
}

/// <summary>A column that the model predicts from.</summary>
internal sealed record ModelColumn
{
    public required string Name { get; init; }

    public required double Fill { get; init; }

    public required List<string> Categories { get; init; }

    public bool IsTime { get; init; }
}

/// <summary>Weights output by output and intercepts, as little-endian 32-bit numbers.</summary>
internal sealed record ModelLayer
{
    public required int Inputs { get; init; }

    public required int Outputs { get; init; }

    public required byte[] Weights { get; init; }

    public required byte[] Bias { get; init; }

    public static ModelLayer Of(LinearModel<float> model) => new()
    {
        Inputs = model.Features,
        Outputs = model.Outputs,
        Weights = MemoryMarshal.AsBytes(model.Weights.AsSpan()).ToArray(),
        Bias = MemoryMarshal.AsBytes(model.Intercepts.AsSpan()).ToArray(),
    };

    /// <exception cref="FormatException">The sizes do not go together.</exception>
    public void Check(int inputs)
    {
        if (Inputs != inputs || Outputs < 1 || Weights.Length != 4L * Inputs * Outputs || Bias.Length != 4L * Outputs)
        {
            throw new FormatException($"a layer of {Inputs} x {Outputs} does not go with {inputs} inputs and its own weights.");
        }
    }

    public static ReadOnlySpan<float> Numbers(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true,
    RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelFile))]
internal sealed partial class ModelJson : JsonSerializerContext;
