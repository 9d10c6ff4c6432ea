using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>The rows of an answer, read as a whole: a connection has one answer at a time, and its readers ask further questions between two rows.</summary>
internal sealed class RowBuffer
{
    // The room that a large answer took is not kept.
    private const int MostKept = 1 << 16;

    // PostgreSQL's keys of types.
    private const uint Boolean = 16;
    private const uint ByteArray = 17;
    private const uint BigInteger = 20;
    private const uint Integer = 23;
    private const uint DoublePrecision = 701;
    private const uint Numeric = 1700;

    private Cell[] _cells = [];
    private byte[] _bytes = [];
    private int _used;
    private int _columns;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in all rows of an answer, in place of those of an earlier one.</summary>
    public void Read(NpgsqlDataReader reader)
    {
        Clear();
        _columns = reader.FieldCount;
        Span<uint> types = stackalloc uint[_columns];
        for (var column = 0; column < _columns; column++)
        {
            types[column] = reader.GetDataTypeOID(column);
        }

        while (reader.Read())
        {
            var first = Count * _columns;
            if (first + _columns > _cells.Length)
            {
                Array.Resize(ref _cells, Math.Max(first + _columns, _cells.Length * 2));
            }

            for (var column = 0; column < _columns; column++)
            {
                _cells[first + column] = reader.IsDBNull(column) ? default : Read(reader, column, types[column]);
            }

            Count++;
        }
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
        _cells = _cells.Length > MostKept ? [] : _cells;
        _bytes = _bytes.Length > MostKept ? [] : _bytes;
    }

    /// <summary>Whether a column of a row is NULL.</summary>
    public bool IsNull(int row, int column) => Kind(row, column) == BoundKind.Null;

    /// <summary>What a column of a row is; NULL of a row that is not there.</summary>
    public BoundKind Kind(int row, int column) => row < Count ? _cells[(row * _columns) + column].Kind : BoundKind.Null;

    /// <summary>A column of a row as a whole number.</summary>
    public long Int64(int row, int column) => Kind(row, column) switch
    {
        BoundKind.Integer => _cells[(row * _columns) + column].Bits,
        BoundKind.Real => (long)BitConverter.Int64BitsToDouble(_cells[(row * _columns) + column].Bits),
        _ => 0,
    };

    /// <summary>A column of a row as a number.</summary>
    public double Double(int row, int column) => Kind(row, column) switch
    {
        BoundKind.Integer => _cells[(row * _columns) + column].Bits,
        BoundKind.Real => BitConverter.Int64BitsToDouble(_cells[(row * _columns) + column].Bits),
        _ => double.NaN,
    };

    /// <summary>A column of a row as bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int row, int column)
    {
        if (Kind(row, column) is not (BoundKind.Text or BoundKind.Bytes))
        {
            return default;
        }

        ref readonly var cell = ref _cells[(row * _columns) + column];
        return _bytes.AsSpan((int)cell.Bits, cell.Length);
    }

    private Cell Read(NpgsqlDataReader reader, int column, uint type) => type switch
    {
        BigInteger => new Cell(BoundKind.Integer, reader.GetInt64(column), 0),
        Integer => new Cell(BoundKind.Integer, reader.GetInt32(column), 0),
        Boolean => new Cell(BoundKind.Integer, reader.GetBoolean(column) ? 1 : 0, 0),
        Numeric => new Cell(BoundKind.Integer, (long)reader.GetDecimal(column), 0),
        DoublePrecision => new Cell(BoundKind.Real, BitConverter.DoubleToInt64Bits(reader.GetDouble(column)), 0),
        ByteArray => Keep(BoundKind.Bytes, reader.GetFieldValue<byte[]>(column)),
        _ => Keep(BoundKind.Text, reader.GetFieldValue<byte[]>(column)),
    };

    private Cell Keep(BoundKind kind, byte[] bytes)
    {
        if (_used + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes, _used);
        _used += bytes.Length;
        return new Cell(kind, _used - bytes.Length, bytes.Length);
    }

    // Bits: a number, or where a text begins.
    private readonly record struct Cell(BoundKind Kind, long Bits, int Length);
}
