using System.Text.Json.Serialization;

namespace Hone.Learning.Networks;

/// <summary>One layer of a network as data. A name is unique within the network.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseDescription), "dense")]
[JsonDerivedType(typeof(ConvolutionDescription), "convolution")]
[JsonDerivedType(typeof(MaxPoolDescription), "max_pool")]
[JsonDerivedType(typeof(AveragePoolDescription), "average_pool")]
[JsonDerivedType(typeof(FlattenDescription), "flatten")]
[JsonDerivedType(typeof(ActivationDescription), "activation")]
[JsonDerivedType(typeof(DropoutDescription), "dropout")]
[JsonDerivedType(typeof(BatchNormDescription), "batch_norm")]
[JsonDerivedType(typeof(LayerNormDescription), "layer_norm")]
[JsonDerivedType(typeof(EmbeddingDescription), "embedding")]
[JsonDerivedType(typeof(LstmDescription), "lstm")]
[JsonDerivedType(typeof(GruDescription), "gru")]
[JsonDerivedType(typeof(ResidualDescription), "residual")]
[JsonDerivedType(typeof(ModuleDescription), "module")]
public abstract record LayerDescription
{
    /// <summary>Unique within the network, such as <c>conv1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The layers that stand inside it; none for most.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<LayerDescription> Inside => [];
}

/// <summary>Units that are each fed by all numbers of a row.</summary>
public sealed record DenseDescription : LayerDescription
{
    /// <summary>How many, at least 1.</summary>
    public required int Units { get; init; }

    /// <summary>What the units do; null: nothing.</summary>
    public Activation? Activation { get; init; }
}

/// <summary>A 2-D convolution of an image.</summary>
public sealed record ConvolutionDescription : LayerDescription
{
    /// <summary>How many filters, at least 1: the channels behind it.</summary>
    public required int Filters { get; init; }

    /// <summary>Pixels of the kernel on a side, at least 1.</summary>
    public int Size { get; init; } = 3;

    /// <summary>Pixels from a patch to the next, at least 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>What it does at the edges.</summary>
    public Border Border { get; init; }

    /// <summary>What the filters do; null: nothing.</summary>
    public Activation? Activation { get; init; }
}

/// <summary>The largest number of each window of an image.</summary>
public sealed record MaxPoolDescription : LayerDescription
{
    /// <summary>Pixels of a window on a side, at least 1.</summary>
    public int Size { get; init; } = 2;

    /// <summary>Pixels from a window to the next; null: as many as it has. What is left over at the right and below is ignored.</summary>
    public int? Stride { get; init; }
}

/// <summary>The mean of each window of an image.</summary>
public sealed record AveragePoolDescription : LayerDescription
{
    /// <summary>Pixels of a window on a side, at least 1.</summary>
    public int Size { get; init; } = 2;

    /// <summary>Pixels from a window to the next; null: as many as it has. What is left over at the right and below is ignored.</summary>
    public int? Stride { get; init; }
}

/// <summary>Makes one row of a sequence or an image: pixel by pixel, the channels of a pixel side by side.</summary>
public sealed record FlattenDescription : LayerDescription;

/// <summary>An activation that stands by itself.</summary>
public sealed record ActivationDescription : LayerDescription
{
    /// <summary>Which.</summary>
    public required Activation Function { get; init; }
}

/// <summary>Sets numbers to 0 by chance, in training only.</summary>
public sealed record DropoutDescription : LayerDescription
{
    /// <summary>The probability, from 0 to below 1.</summary>
    public double Rate { get; init; } = 0.5;
}

/// <summary>Normalises each channel over the batch.</summary>
public sealed record BatchNormDescription : LayerDescription
{
    /// <summary>Is added to variances, above 0.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>Normalises the features of each row, step or pixel.</summary>
public sealed record LayerNormDescription : LayerDescription
{
    /// <summary>Is added to variances, above 0.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>Turns each code of a row into learned features: a sequence.</summary>
public sealed record EmbeddingDescription : LayerDescription
{
    /// <summary>Codes are whole numbers from 0 to below this; at least 1.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Of each code, at least 1.</summary>
    public required int Features { get; init; }
}

/// <summary>Long short-term memory over a sequence.</summary>
public sealed record LstmDescription : LayerDescription
{
    /// <summary>How many units, at least 1.</summary>
    public required int Units { get; init; }

    /// <summary>Whether the states of all steps go on, or only the last.</summary>
    public bool Sequence { get; init; }
}

/// <summary>Gated recurrent units over a sequence.</summary>
public sealed record GruDescription : LayerDescription
{
    /// <summary>How many units, at least 1.</summary>
    public required int Units { get; init; }

    /// <summary>Whether the states of all steps go on, or only the last.</summary>
    public bool Sequence { get; init; }
}

/// <summary>Layers whose outputs are added to what they got.</summary>
public sealed record ResidualDescription : LayerDescription
{
    /// <summary>The layers, at least one.</summary>
    public required IReadOnlyList<LayerDescription> Layers { get; init; }

    /// <summary>What the input goes through beside the layers, where they change the shape; by default nothing.</summary>
    public IReadOnlyList<LayerDescription> Shortcut { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerDescription> Inside => [.. Layers, .. Shortcut];
}

/// <summary>Layers under one name.</summary>
public sealed record ModuleDescription : LayerDescription
{
    /// <summary>The layers, at least one.</summary>
    public required IReadOnlyList<LayerDescription> Layers { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerDescription> Inside => Layers;
}
