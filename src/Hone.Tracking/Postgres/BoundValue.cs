using System.Text;
using Hone.Tracking.Runs;
using Npgsql;
using NpgsqlTypes;

namespace Hone.Tracking.Postgres;

/// <summary>What a parameter is bound to.</summary>
internal enum BoundKind : byte
{
    Null,
    Integer,
    Real,
    Text,
    Bytes,
}

/// <summary>A parameter's value.</summary>
internal readonly struct BoundValue
{
    private readonly long _bits;
    private readonly object? _object;

    private BoundValue(BoundKind kind, long bits, object? value)
    {
        Kind = kind;
        _bits = bits;
        _object = value;
    }

    /// <summary>What it is.</summary>
    public BoundKind Kind { get; }

    /// <summary>Of a whole number.</summary>
    public long Integer => _bits;

    /// <summary>Of a number.</summary>
    public double Real => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Of a text.</summary>
    public string Text => (string)_object!;

    /// <summary>Of bytes.</summary>
    public byte[] Bytes => (byte[])_object!;

    public static BoundValue Of(long value) => new(BoundKind.Integer, value, null);

    /// <summary>A number. There is one zero, as in SQLite.</summary>
    public static BoundValue Of(double value) => new(BoundKind.Real, BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value), null);

    public static BoundValue Of(byte[] value) => new(BoundKind.Bytes, 0, value);

    /// <summary>A text. Half a surrogate pair, which UTF-8 cannot have, becomes the character for what is unreadable, as in SQLite.</summary>
    /// <exception cref="TrackingException">It has the character U+0000 in it.</exception>
    public static BoundValue Of(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw TrackingException.Invalid(
                $"Invalid value '{value.Replace("\0", "\\u0000", StringComparison.Ordinal)}': it has the character U+0000 in it, "
                + "which the server's database (PostgreSQL) cannot keep. Leave it out.");
        }

        var hasSurrogates = value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        return new BoundValue(BoundKind.Text, 0, hasSurrogates ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) : value);
    }

    /// <summary>The value as a parameter. A NULL has no type: the server knows it by its place.</summary>
    public NpgsqlParameter ToParameter() => Kind switch
    {
        BoundKind.Integer => new NpgsqlParameter<long> { TypedValue = Integer },
        BoundKind.Real => new NpgsqlParameter<double> { TypedValue = Real },
        BoundKind.Text => new NpgsqlParameter<string> { TypedValue = Text, NpgsqlDbType = NpgsqlDbType.Text },
        BoundKind.Bytes => new NpgsqlParameter<byte[]> { TypedValue = Bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        _ => new NpgsqlParameter { Value = DBNull.Value },
    };
}
