namespace Hone.Pipelines.Yaml;

/// <summary>What a scalar is by the rules of YAML 1.2 as DVC's reader applies them.</summary>
public enum YamlKind
{
    /// <summary>Nothing: an empty text, <c>~</c> or <c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number of any length.</summary>
    Integer,

    /// <summary>A number with a dot or an exponent, an infinity or not a number.</summary>
    Float,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A date or a time without quotes.</summary>
    Date,
}
