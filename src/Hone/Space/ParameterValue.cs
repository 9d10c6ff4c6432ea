using System.Globalization;

namespace Hone.Space;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ValueKind
{
    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>A whole number, exact up to 2^53.</summary>
    Integer,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,
}

/// <summary>The value of one parameter: a number, a whole number, a text or a truth value.</summary>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly string? _text;

    private ParameterValue(ValueKind kind, double number, string? text)
    {
        Kind = kind;
        _number = number;
        _text = text;
    }

    /// <summary>What the value is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The value as a number; 0 or 1 for a truth value, NaN for a text.</summary>
    public double Number => Kind == ValueKind.Text ? double.NaN : _number;

    /// <summary>A floating-point value.</summary>
    public static ParameterValue Of(double value) => new(ValueKind.Float, value, null);

    /// <summary>A whole number.</summary>
    public static ParameterValue Of(long value) => new(ValueKind.Integer, value, null);

    /// <summary>A text.</summary>
    public static ParameterValue Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(ValueKind.Text, double.NaN, value);
    }

    /// <summary>A truth value.</summary>
    public static ParameterValue Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    /// <summary>A floating-point value.</summary>
    public static implicit operator ParameterValue(double value) => Of(value);

    /// <summary>A whole number.</summary>
    public static implicit operator ParameterValue(int value) => Of((long)value);

    /// <summary>A text.</summary>
    public static implicit operator ParameterValue(string value) => Of(value);

    /// <summary>A truth value.</summary>
    public static implicit operator ParameterValue(bool value) => Of(value);

    /// <summary>
    /// The value as a program reads it: numbers in the invariant culture with as many digits as a round trip needs,
    /// <c>true</c> or <c>false</c>, or the text itself.
    /// </summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Text => _text!,
        ValueKind.Boolean => _number != 0 ? "true" : "false",
        ValueKind.Integer => ((long)_number).ToString(CultureInfo.InvariantCulture),
        _ => _number.ToString("R", CultureInfo.InvariantCulture),
    };
}
