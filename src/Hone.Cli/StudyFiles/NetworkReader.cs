using Hone.Learning.Networks;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads the file that describes a network, for <c>model:</c>: every key is checked, and everything that is wrong is told at once.</summary>
/// <remarks>
/// <c>input:</c> is the shape of an example, or <c>data</c> for as many features as the data have, <c>layers:</c> a list of layers, each <c>kind: { name: …, … }</c>. A name that is not given is
/// the kind with its number, counted from 1 through the file.
/// </remarks>
internal sealed class NetworkReader
{
    private const string AnyFeatures = "data";
    private static readonly string[] Keys = ["network", "input", "layers"];
    private readonly Findings _findings;
    private readonly LayerReader _layers;

    private NetworkReader(Findings findings)
    {
        _findings = findings;
        _layers = new LayerReader(findings);
    }

    /// <summary>Reads the file at a path.</summary>
    /// <param name="path">As the user wrote it; messages begin with it.</param>
    /// <exception cref="StudyFileException">The file cannot be read, or something in it is wrong.</exception>
    public static NetworkDescription Read(string path)
    {
        var findings = new Findings(path);
        return TextFile.Load(path, findings, "model file") is { } text
            ? Parse(text, findings)
            : throw new StudyFileException(findings.Lines());
    }

    /// <summary>Reads a text as if it stood in a file.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">What messages begin with.</param>
    /// <exception cref="StudyFileException">Something in it is wrong.</exception>
    public static NetworkDescription Parse(string text, string path) => Parse(text, new Findings(path));

    private static NetworkDescription Parse(string text, Findings findings)
    {
        var root = YamlTree.Read(text, findings);
        if (root is null or YamlText { IsNothing: true } && !findings.Any)
        {
            findings.AddToFile(1, 1, "nothing stands in it; expected the keys input and layers");
        }

        var network = root is null || findings.Any ? null : new NetworkReader(findings).Network(new Field("", root));
        return findings.Any || network is null ? throw new StudyFileException(findings.Lines()) : network;
    }

    private NetworkDescription? Network(Field field)
    {
        if (Section.Open(field, _findings, Keys) is not { } section)
        {
            return null;
        }

        var input = section.Require("input", "a shape such as [28, 28, 1], or data") is { } shape ? Shape(shape) : null;
        var layers = section.Require("layers", "a list of layers") is { } list ? _layers.List(list) : null;
        if (_findings.Any || input is null || layers is null)
        {
            return null;
        }

        var network = new NetworkDescription { Input = input, TakesAnyFeatures = section["input"]!.Value.Node is YamlText, Layers = layers };
        Check(network, section);
        return network;
    }

    private TensorShape? Shape(Field field)
    {
        if (field.Node is YamlText { Value: AnyFeatures })
        {
            return new TensorShape(1);
        }

        if (field.Items(_findings, "a list of one to three whole numbers") is not { } items)
        {
            return null;
        }

        var sizes = items.Select(item => (int)(item.Whole(_findings, 1, 1 << 20) ?? 0)).ToArray();
        if (_findings.Any)
        {
            return null;
        }

        try
        {
            return new TensorShape(sizes);
        }
        catch (NetworkException wrong)
        {
            _findings.Add(field, wrong.Message);
            return null;
        }
    }

    // What a layer makes of what comes in is known only for the network as a whole; the message names the layer, and so finds its place.
    private void Check(NetworkDescription network, Section section)
    {
        try
        {
            network.Shapes();
        }
        catch (NetworkException wrong)
        {
            var place = _layers.Places.LastOrDefault(place => wrong.Message.StartsWith($"Layer '{place.Name}'", StringComparison.Ordinal)).Field;
            _findings.Add(place.Node is null ? section["layers"]!.Value : place, wrong.Message);
        }
    }
}
