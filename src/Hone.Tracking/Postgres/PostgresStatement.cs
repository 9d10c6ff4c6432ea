using System.Globalization;
using System.Text;
using Hone.Tracking.Store;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>A statement of PostgreSQL. The server prepares it when it is sent for the second time.</summary>
internal sealed class PostgresStatement : Statement
{
    private readonly PostgresDatabase _database;
    private readonly string _text;
    private readonly System.Text.RegularExpressions.Match? _plain;
    private readonly RowBuffer _rows = new();
    private int _row;
    private bool _isOpen;

    public PostgresStatement(PostgresDatabase database, string sql)
    {
        _database = database;
        _text = PostgresText.Of(sql);
        var places = 0;
        foreach (System.Text.RegularExpressions.Match place in PostgresText.Place.Matches(_text))
        {
            places = Math.Max(places, int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }

        Values = new BoundValue[places];
        IsQuestion = _text.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.Ordinal);
        _plain = PostgresText.PlainInsert.Match(_text) is { Success: true } plain ? plain : null;
    }

    /// <summary>What the parameters are bound to.</summary>
    public BoundValue[] Values { get; }

    /// <summary>Whether it changes nothing.</summary>
    public bool IsQuestion { get; }

    /// <summary>Whether it adds rows of its parameters and changes none, so that it may be sent once for many and in any order with its like.</summary>
    public bool IsPlainInsert => _plain is not null;

    /// <summary>The database's list of changes that the latest of this statement stands in, and where.</summary>
    public (int List, int Index) Pending { get; set; } = (-1, 0);

    /// <inheritdoc/>
    public override void Bind(int parameter, long value) => Values[parameter - 1] = BoundValue.Of(value);

    /// <inheritdoc/>
    public override void Bind(int parameter, double value) => Values[parameter - 1] = double.IsNaN(value) ? default : BoundValue.Of(value);

    /// <inheritdoc/>
    public override void BindWithNan(int parameter, double value) => Values[parameter - 1] = BoundValue.Of(value);

    /// <inheritdoc/>
    public override void Bind(int parameter, string? value) => Values[parameter - 1] = value is null ? default : BoundValue.Of(value);

    /// <inheritdoc/>
    public override void Bind(int parameter, ReadOnlySpan<byte> utf8) => Bind(parameter, Encoding.UTF8.GetString(utf8));

    /// <inheritdoc/>
    public override void BindBytes(int parameter, ReadOnlySpan<byte> bytes) => Values[parameter - 1] = BoundValue.Of(bytes.ToArray());

    /// <inheritdoc/>
    public override void BindNull(int parameter) => Values[parameter - 1] = default;

    /// <inheritdoc/>
    public override bool Step()
    {
        if (!_isOpen)
        {
            _database.Ask(this, _rows);
            (_isOpen, _row) = (true, -1);
        }

        _isOpen = ++_row < _rows.Count;
        return _isOpen;
    }

    /// <inheritdoc/>
    public override void Run() => _database.Defer(this);

    /// <inheritdoc/>
    public override int RunAndCount() => _database.RunAndCount(this);

    /// <inheritdoc/>
    public override void Reset() => _isOpen = false;

    /// <inheritdoc/>
    public override bool IsNull(int column) => _rows.IsNull(_row, column);

    /// <inheritdoc/>
    public override long Int64(int column) => _rows.Int64(_row, column);

    /// <inheritdoc/>
    public override double Double(int column) => _rows.Double(_row, column);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(int column) => _rows.Bytes(_row, column);

    /// <inheritdoc/>
    public override void Dispose() => _database.Remove(this);

    /// <summary>What is to be sent for one set of values.</summary>
    public NpgsqlBatchCommand ToCommand(ReadOnlySpan<BoundValue> values)
    {
        var command = new NpgsqlBatchCommand(_text);
        foreach (ref readonly var value in values)
        {
            command.Parameters.Add(value.ToParameter());
        }

        return command;
    }

    /// <summary>The text of a plain insert over arrays.</summary>
    /// <param name="places">What stands for each of the statement's parameters.</param>
    /// <param name="columns">The names of the arrays' columns.</param>
    /// <param name="arrays">The arrays.</param>
    public string Over(string[] places, string columns, NpgsqlParameterCollection arrays)
    {
        var from = new StringBuilder();
        for (var i = 0; i < arrays.Count; i++)
        {
            var type = arrays[i] switch
            {
                NpgsqlParameter<long?[]> => "bigint[]",
                NpgsqlParameter<double?[]> => "double precision[]",
                NpgsqlParameter<string?[]> => "text[]",
                _ => "bytea[]",
            };
            from.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}${i + 1}::{type}");
        }

        var values = PostgresText.Place.Replace(
            _plain!.Groups["values"].Value, place => places[int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1]);
        return $"{_plain.Groups["into"].Value} SELECT {values} FROM unnest({from}) AS u({columns}){_plain.Groups["rest"].Value}";
    }
}
