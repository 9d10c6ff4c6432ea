using System.Globalization;
using Hone.Learning.Networks;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads the layers of a network, and those that stand inside them.</summary>
internal sealed class LayerReader(Findings findings)
{
    private const int Most = 1 << 20;

    private static readonly (string Name, Activation Value)[] Activations =
    [
        ("relu", Activation.Relu), ("tanh", Activation.Tanh), ("sigmoid", Activation.Sigmoid), ("leaky_relu", Activation.LeakyRelu),
    ];

    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        ["dense"] = ["name", "units", "activation"],
        ["convolution"] = ["name", "filters", "size", "stride", "border", "activation"],
        ["max_pool"] = ["name", "size", "stride"],
        ["average_pool"] = ["name", "size", "stride"],
        ["flatten"] = ["name"],
        ["activation"] = ["name", "function"],
        ["dropout"] = ["name", "rate"],
        ["batch_norm"] = ["name", "epsilon"],
        ["layer_norm"] = ["name", "epsilon"],
        ["embedding"] = ["name", "vocabulary", "features"],
        ["lstm"] = ["name", "units", "sequence"],
        ["gru"] = ["name", "units", "sequence"],
        ["residual"] = ["name", "layers", "shortcut"],
        ["module"] = ["name", "layers"],
    };

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<(string Name, Field Field)> _places = [];

    /// <summary>Every layer read so far, with its place.</summary>
    public IReadOnlyList<(string Name, Field Field)> Places => _places;

    /// <summary>A list of at least one layer; null, with findings, if something is wrong with one.</summary>
    public IReadOnlyList<LayerDescription>? List(Field field)
    {
        if (field.Items(findings, "a list of layers, such as - dense: { units: 10 }") is not { } items)
        {
            return null;
        }

        var layers = items.Select(Layer).ToList();
        return layers.Contains(null) ? null : layers.ConvertAll(layer => layer!);
    }

    private LayerDescription? Layer(Field field)
    {
        // A kind that needs nothing may stand alone: - flatten
        if (field.Node is YamlText { IsNothing: false } alone)
        {
            return field.Word(findings, Kinds.Keys) is { } word
                ? Layer(word, field with { Node = new YamlMap(alone.Line, alone.Column, []) })
                : null;
        }

        if (Section.Open(field, findings, Kinds.Keys) is not { } section)
        {
            return null;
        }

        if (section.Keys.Count != 1)
        {
            if (section.Keys.Count > 1 || !findings.Any)
            {
                findings.Add(field, $"a layer has one kind, and {section.Keys.Count} stand here; expected {NearestName.Choices(Kinds.Keys)}");
            }

            return null;
        }

        var kind = section.Keys.First();
        var inside = section[kind]!.Value;
        return Layer(kind, inside.IsNothing ? inside with { Node = new YamlMap(inside.Node.Line, inside.Node.Column, []) } : inside);
    }

    private LayerDescription? Layer(string kind, Field field)
    {
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (Section.Open(field, findings, Kinds[kind]) is not { } section)
        {
            return null;
        }

        var name = section["name"] is { } given
            ? given.Text(findings, "a name")
            : string.Create(CultureInfo.InvariantCulture, $"{kind}_{_counts[kind]}");
        if (name is null)
        {
            return null;
        }

        _places.Add((name, field));
        var layer = kind is "residual" or "module" ? Container(kind, name, section) : Simple(kind, name, section);
        return findings.Any ? null : layer;
    }

    private LayerDescription? Container(string kind, string name, Section section)
    {
        var layers = section.Require("layers", "a list of layers") is { } list ? List(list) : null;
        var shortcut = section["shortcut"] is { } beside ? List(beside) : [];
        return layers is null || shortcut is null ? null : kind == "module"
            ? new ModuleDescription { Name = name, Layers = layers }
            : new ResidualDescription { Name = name, Layers = layers, Shortcut = shortcut };
    }

    private LayerDescription Simple(string kind, string name, Section section) => kind switch
    {
        "dense" => new DenseDescription { Name = name, Units = Count(section, "units"), Activation = Function(section["activation"]) },
        "convolution" => new ConvolutionDescription
        {
            Name = name,
            Filters = Count(section, "filters"),
            Size = Whole(section["size"]) ?? 3,
            Stride = Whole(section["stride"]) ?? 1,
            Border = section["border"]?.Word(findings, "same", "valid") == "valid" ? Border.Valid : Border.Same,
            Activation = Function(section["activation"]),
        },
        "max_pool" => new MaxPoolDescription { Name = name, Size = Whole(section["size"]) ?? 2, Stride = Whole(section["stride"]) },
        "average_pool" => new AveragePoolDescription { Name = name, Size = Whole(section["size"]) ?? 2, Stride = Whole(section["stride"]) },
        "flatten" => new FlattenDescription { Name = name },
        "activation" => new ActivationDescription
        {
            Name = name,
            Function = Function(section.Require("function", NearestName.Choices([.. Activations.Select(a => a.Name)]))) ?? default,
        },
        "dropout" => new DropoutDescription { Name = name, Rate = section["rate"]?.Number(findings, 0, 0.999999) ?? 0.5 },
        "batch_norm" => new BatchNormDescription { Name = name, Epsilon = section["epsilon"]?.Number(findings, 1e-12, 1) ?? 1e-5 },
        "layer_norm" => new LayerNormDescription { Name = name, Epsilon = section["epsilon"]?.Number(findings, 1e-12, 1) ?? 1e-5 },
        "embedding" => new EmbeddingDescription { Name = name, Vocabulary = Count(section, "vocabulary"), Features = Count(section, "features") },
        "lstm" => new LstmDescription { Name = name, Units = Count(section, "units"), Sequence = section["sequence"]?.Flag(findings) ?? false },
        _ => new GruDescription { Name = name, Units = Count(section, "units"), Sequence = section["sequence"]?.Flag(findings) ?? false },
    };

    private int Count(Section section, string key) => section.Require(key, "a whole number from 1 up") is { } field ? Whole(field) ?? 1 : 1;

    private int? Whole(Field? field) => (int?)field?.Whole(findings, 1, Most);

    private Activation? Function(Field? field) => field?.Word(findings, [.. Activations.Select(a => a.Name)]) is { } word
        ? Array.Find(Activations, known => known.Name == word).Value
        : null;
}
