using System.Globalization;
using System.Numerics;

namespace Hone.Pipelines.Yaml;

/// <summary>A single value of a YAML document.</summary>
/// <remarks>
/// <see cref="Text"/> is what stands in the file without quotes; numbers are read from it on demand, so that none loses digits.
/// </remarks>
public sealed class YamlScalar : YamlNode
{
    private YamlScalar(string text, YamlKind kind)
    {
        Text = text;
        Kind = kind;
    }

    /// <summary>Nothing.</summary>
    public static YamlScalar Null => new("", YamlKind.Null);

    /// <summary>What it is.</summary>
    public YamlKind Kind { get; }

    /// <summary>Its text, without quotes and with escapes resolved.</summary>
    public string Text { get; }

    /// <summary>The truth value of a <see cref="YamlKind.Boolean"/>.</summary>
    public bool Boolean => Text is "true" or "True" or "TRUE";

    /// <summary>The value of a <see cref="YamlKind.Integer"/>.</summary>
    public BigInteger Integer => YamlNumbers.Integer(Text);

    /// <summary>The value of a <see cref="YamlKind.Float"/>.</summary>
    public double Float => YamlNumbers.Float(Text);

    /// <summary>A text.</summary>
    public static YamlScalar Of(string text) => new(text, YamlKind.Text);

    /// <summary>A whole number.</summary>
    public static YamlScalar Of(BigInteger value) => new(value.ToString(CultureInfo.InvariantCulture), YamlKind.Integer);

    /// <summary>A whole number.</summary>
    public static YamlScalar Of(long value) => new(value.ToString(CultureInfo.InvariantCulture), YamlKind.Integer);

    /// <summary>A number.</summary>
    public static YamlScalar Of(double value) => new(YamlNumbers.Show(value), YamlKind.Float);

    /// <summary>A truth value.</summary>
    public static YamlScalar Of(bool value) => new(value ? "true" : "false", YamlKind.Boolean);

    /// <summary>A scalar that stands without quotes in a document: its kind follows from its text.</summary>
    internal static YamlScalar Plain(string text, int line, int column, int start, int end) =>
        new(text, YamlNumbers.KindOf(text)) { Line = line, Column = column, Start = start, End = end };

    /// <summary>A scalar in quotes, or a block of text.</summary>
    internal static YamlScalar Quoted(string text, int line, int column, int start, int end) =>
        new(text, YamlKind.Text) { Line = line, Column = column, Start = start, End = end };
}
