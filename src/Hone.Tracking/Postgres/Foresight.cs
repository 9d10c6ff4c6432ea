namespace Hone.Tracking.Postgres;

/// <summary>Answers to questions that are asked of many keys in turn, fetched for many of them at once.</summary>
/// <remarks>A page of a search asks some seven questions of each of its runs; one by one they would take as many ways there and back.</remarks>
/// <param name="database">The connection, in the transaction for which this holds.</param>
/// <param name="keys">The keys, in the order in which they will be asked of.</param>
internal sealed class Foresight(PostgresDatabase database, IReadOnlyList<long> keys)
{
    private const int MostAtOnce = 200;

    private readonly Dictionary<long, int> _places = Places(keys);
    private readonly Dictionary<(PostgresStatement Statement, long Second), Chunk> _chunks = [];

    /// <summary>Finds the answer to a question for the values to which it is bound; false if it is not about one of the keys.</summary>
    /// <param name="statement">The question, with one parameter or two.</param>
    /// <param name="rows">Where the answer lies.</param>
    /// <param name="range">Its rows.</param>
    public bool TryFind(PostgresStatement statement, out RowBuffer rows, out Range range)
    {
        (rows, range) = (null!, default);
        var values = statement.Values;
        if (values[0].Kind != BoundKind.Integer || values[^1].Kind != BoundKind.Integer || !_places.TryGetValue(values[0].Integer, out var place))
        {
            return false;
        }

        var second = values.Length > 1 ? values[1].Integer : 0;
        if (!_chunks.TryGetValue((statement, second), out var chunk))
        {
            _chunks.Add((statement, second), chunk = new Chunk());
        }

        if (place < chunk.First || place >= chunk.First + chunk.Ends.Count)
        {
            Fetch(chunk, statement, place);
        }

        rows = chunk.Rows;
        range = (place == chunk.First ? 0 : chunk.Ends[place - chunk.First - 1])..chunk.Ends[place - chunk.First];
        return true;
    }

    private void Fetch(Chunk chunk, PostgresStatement statement, int place)
    {
        var values = new List<BoundValue[]>();
        for (var i = place; i < Math.Min(keys.Count, place + MostAtOnce); i++)
        {
            values.Add([BoundValue.Of(keys[i]), .. statement.Values.AsSpan(1)]);
        }

        chunk.Rows.Clear();
        chunk.Ends = database.Ask(statement, values, chunk.Rows);
        chunk.First = place;
    }

    private static Dictionary<long, int> Places(IReadOnlyList<long> keys)
    {
        var places = new Dictionary<long, int>(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            places[keys[i]] = i;
        }

        return places;
    }

    // The answers for some keys, from a place on: where the rows of each end.
    private sealed class Chunk
    {
        public RowBuffer Rows { get; } = new();

        public int First { get; set; }

        public List<int> Ends { get; set; } = [];
    }
}
