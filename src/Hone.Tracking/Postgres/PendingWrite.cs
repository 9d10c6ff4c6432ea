using System.Globalization;
using System.Text;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>A change that has not been sent yet, with the values of each time it is to be made.</summary>
/// <remarks>A plain insert that is made more than once is sent as one statement over arrays, one for each parameter.</remarks>
internal sealed class PendingWrite(PostgresStatement statement)
{
    private readonly int _width = statement.Values.Length;
    private BoundValue[] _values = new BoundValue[statement.Values.Length];

    /// <summary>How many times it is to be made.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the values to which the statement's parameters are bound now.</summary>
    public void Add()
    {
        if ((Count + 1) * _width > _values.Length)
        {
            Array.Resize(ref _values, _values.Length * 4);
        }

        statement.Values.CopyTo(_values, Count * _width);
        Count++;
    }

    /// <summary>What is to be sent.</summary>
    public NpgsqlBatchCommand ToCommand() => Count == 1 ? statement.ToCommand(_values.AsSpan(0, _width)) : ToArrays();

    private NpgsqlBatchCommand ToArrays()
    {
        var command = new NpgsqlBatchCommand();
        var columns = new StringBuilder();
        var places = new string[_width];
        for (var column = 0; column < _width; column++)
        {
            var kind = KindOf(column);
            places[column] = kind == BoundKind.Null ? "NULL" : string.Create(CultureInfo.InvariantCulture, $"u.p{column}");
            if (kind != BoundKind.Null)
            {
                command.Parameters.Add(ArrayOf(column, kind));
                columns.Append(columns.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"p{column}");
            }
        }

        command.CommandText = statement.Over(places, columns.ToString(), command.Parameters);
        return command;
    }

    private BoundKind KindOf(int column)
    {
        for (var row = 0; row < Count; row++)
        {
            if (_values[(row * _width) + column].Kind is not BoundKind.Null and var kind)
            {
                return kind;
            }
        }

        return BoundKind.Null;
    }

    private NpgsqlParameter ArrayOf(int column, BoundKind kind) => kind switch
    {
        BoundKind.Integer => new NpgsqlParameter<long?[]> { TypedValue = Column(column, value => value.Kind == BoundKind.Null ? null : (long?)value.Integer) },
        BoundKind.Real => new NpgsqlParameter<double?[]> { TypedValue = Column(column, value => value.Kind == BoundKind.Null ? null : (double?)value.Real) },
        BoundKind.Text => new NpgsqlParameter<string?[]> { TypedValue = Column(column, value => value.Kind == BoundKind.Null ? null : value.Text) },
        _ => new NpgsqlParameter<byte[]?[]> { TypedValue = Column(column, value => value.Kind == BoundKind.Null ? null : value.Bytes) },
    };

    private T[] Column<T>(int column, Func<BoundValue, T> read)
    {
        var values = new T[Count];
        for (var row = 0; row < Count; row++)
        {
            values[row] = read(_values[(row * _width) + column]);
        }

        return values;
    }
}
