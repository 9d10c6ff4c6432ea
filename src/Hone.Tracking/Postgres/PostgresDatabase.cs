using Hone.Tracking.Store;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>A connection to a PostgreSQL database.</summary>
/// <remarks>
/// Changes are put off until the next question or the end of the transaction, and go with it in one message: a change that asks nothing
/// costs no way there and back. A lost connection is made again at the next use; within a transaction that had begun, that use fails.
/// </remarks>
internal sealed class PostgresDatabase : Database
{
    // So many rows are put off at most.
    private const int MostRows = 20_000;

    private const string Tick =
        "INSERT INTO writers (writer, commits) VALUES ($1, $2) ON CONFLICT (writer) DO UPDATE SET commits = excluded.commits, at = now()";

    private readonly PostgresConnection _connection;
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly List<PendingWrite> _pending = [];
    private readonly PostgresStatement _tick;

    // Of the open transaction: what it is for, whether anything of it was sent, and whether it changes anything.
    private Transaction? _transaction;
    private bool _isSent;
    private bool _hasChanges;

    // Where the list of changes stands: how many rows it has, the first place to which a plain insert may still be added, and which list it is.
    private int _rows;
    private int _firstOpen;
    private int _list;

    // How many transactions with changes were committed, the one in doubt included.
    private long _commits;
    private Transaction? _doubt;
    private long _totalChanges;

    private PostgresDatabase(string settings, string shown)
    {
        _connection = new PostgresConnection(settings, shown);
        _tick = new PostgresStatement(this, Tick);
        _tick.Bind(1, _writer);
    }

    /// <inheritdoc/>
    public override long TotalChanges => _totalChanges;

    /// <inheritdoc/>
    public override bool IsLost => _connection.IsLost;

    /// <inheritdoc/>
    public override bool IsInDoubt => _doubt is not null;

    /// <summary>Connects.</summary>
    /// <param name="settings">What Npgsql is to know.</param>
    /// <param name="shown">The store, as it may be shown.</param>
    /// <exception cref="StudyStoreException">The database cannot be reached.</exception>
    public static PostgresDatabase Open(string settings, string shown)
    {
        var database = new PostgresDatabase(settings, shown);
        try
        {
            database._connection.Guard(database.Connected);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Statement Prepare(string sql)
    {
        var statement = new PostgresStatement(this, sql);
        Statements.Add(statement);
        return statement;
    }

    /// <inheritdoc/>
    public override string Storable(string text) => text.Replace('\0', '␀');

    /// <inheritdoc/>
    public override void Execute(string sql)
    {
        if (_transaction is not null && !_isSent)
        {
            Send(null, null, commits: false);
        }

        _connection.Guard(() =>
        {
            _connection.Run(sql);
            return true;
        });
    }

    /// <inheritdoc/>
    public override void Begin(Transaction kind)
    {
        Forget();
        if (_doubt is not null)
        {
            // Nobody wants to know any more; the next one must not be taken for it.
            _doubt = null;
            _commits++;
        }

        _transaction = kind;
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        if (_isSent || _pending.Count > 0)
        {
            if (_hasChanges)
            {
                _tick.Bind(2, _commits + 1);
                Defer(_tick);
            }

            Send(null, null, commits: true);
            _commits += _hasChanges ? 1 : 0;
        }

        Forget();
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        var isOpen = _transaction is not null && _isSent && !IsLost;
        Forget();
        if (!isOpen)
        {
            return;
        }

        // If it fails, the transaction ends with its connection.
        _connection.Try(() => _connection.Run("ROLLBACK"));
    }

    /// <inheritdoc/>
    public override bool? SettleDoubt()
    {
        if (_doubt is not { } kind)
        {
            return null;
        }

        // The old connection's transaction may be ending at this moment. It holds what is waited for here, and nobody has both.
        Forget();
        _transaction = kind;
        try
        {
            var commits = Number($"SELECT commits FROM writers WHERE writer = '{_writer}'") ?? 0;
            _doubt = null;
            return commits == ++_commits;
        }
        finally
        {
            Rollback();
        }
    }

    /// <inheritdoc/>
    public override Task<bool> TryLockAsync(string study, CancellationToken cancellationToken) => _connection.TryLockAsync(study, cancellationToken);

    /// <inheritdoc/>
    public override bool IsLocked(string study) => Number(PostgresConnection.IsLockedSql(study)) > 0;

    /// <inheritdoc/>
    public override void Foresee(IReadOnlyList<long> keys) =>
        Foresight = _transaction == Transaction.Read && _isSent && keys.Count > 1 ? new Foresight(this, keys) : null;

    /// <inheritdoc/>
    public override void Foresee(Statement rows, int column) => Foresee(((PostgresStatement)rows).Keys(column));

    /// <summary>What is known of the questions to come; null if nothing is.</summary>
    public Foresight? Foresight { get; private set; }

    /// <summary>Puts a change off.</summary>
    public void Defer(PostgresStatement statement)
    {
        NoteChange(statement);
        if (_transaction is null)
        {
            Send(statement, null, commits: false);
            return;
        }

        if (statement.IsPlainInsert && statement.Pending.List == _list && statement.Pending.Index >= _firstOpen)
        {
            _pending[statement.Pending.Index].Add();
        }
        else
        {
            var write = new PendingWrite(statement);
            write.Add();
            _pending.Add(write);
            statement.Pending = (_list, _pending.Count - 1);

            // No insert may go before a change that might be about its row.
            _firstOpen = statement.IsPlainInsert ? _firstOpen : _pending.Count;
        }

        if (++_rows >= MostRows)
        {
            Send(null, null, commits: false);
        }
    }

    /// <summary>Makes a change at once and says how many rows it was about.</summary>
    public int RunAndCount(PostgresStatement statement)
    {
        NoteChange(statement);
        return Send(statement, null, commits: false);
    }

    /// <summary>Asks a question, after all that was put off.</summary>
    public void Ask(PostgresStatement statement, RowBuffer rows)
    {
        if (!statement.IsQuestion)
        {
            NoteChange(statement);
        }

        Send(statement, rows, commits: false);
    }

    /// <summary>Asks one question for many sets of values, within a transaction that has been sent.</summary>
    /// <param name="statement">The question.</param>
    /// <param name="values">The values.</param>
    /// <param name="rows">Takes in the answers, one after the other.</param>
    /// <returns>Where in the rows each answer ends.</returns>
    public List<int> Ask(PostgresStatement statement, IReadOnlyList<BoundValue[]> values, RowBuffer rows) => _connection.Guard(() =>
    {
        using var batch = _connection.Batch();
        foreach (var set in values)
        {
            batch.BatchCommands.Add(statement.ToCommand(set));
        }

        using var reader = batch.ExecuteReader();
        var ends = new List<int>(values.Count);
        do
        {
            rows.Add(reader);
            ends.Add(rows.Count);
        }
        while (reader.NextResult());
        return ends;
    });

    /// <inheritdoc/>
    protected override void Close()
    {
        if (!IsLost && _commits > 0)
        {
            // If it fails, it is a line too many in a table.
            _connection.Try(() => _connection.Run($"DELETE FROM writers WHERE writer = '{_writer}'"));
        }

        _connection.Dispose();
    }

    private void NoteChange(PostgresStatement statement)
    {
        _totalChanges++;
        _hasChanges |= statement != _tick;
    }

    private int Send(PostgresStatement? last, RowBuffer? rows, bool commits)
    {
        // Nothing of it was made if it fails before the transaction is to be ended: then it can go over another connection.
        var isRepeatable = !commits && (_transaction is null ? last is { IsQuestion: true } : !_isSent);
        var isFirst = _transaction is null || !_isSent;
        return _connection.Guard(() =>
        {
            if (IsLost)
            {
                if (!isFirst)
                {
                    throw new IOException("the connection was lost");
                }

                _connection.Connect();
            }

            try
            {
                return SendOnce(last, rows, commits);
            }
            catch (Exception failure) when (isRepeatable && PostgresErrors.IsOne(failure) && PostgresErrors.LosesConnection(failure))
            {
                _connection.Connect();
                return SendOnce(last, rows, commits);
            }
            catch (Exception failure) when (commits && _hasChanges && PostgresErrors.IsOne(failure) && PostgresErrors.LosesConnection(failure))
            {
                _doubt = _transaction;
                throw;
            }
        });
    }

    private int SendOnce(PostgresStatement? last, RowBuffer? rows, bool commits)
    {
        using var batch = _connection.Batch();
        AddBegin(batch);
        foreach (var write in _pending)
        {
            batch.BatchCommands.Add(write.ToCommand());
        }

        if (last is not null)
        {
            batch.BatchCommands.Add(last.ToCommand(last.Values));
        }

        if (commits)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        }

        // Only the last statement has rows, if any has.
        using (var reader = batch.ExecuteReader())
        {
            // An attempt over a connection that broke may have left some.
            rows?.Clear();
            rows?.Add(reader);
        }

        _isSent = _transaction is not null;
        ForgetPending();
        return batch.BatchCommands[^1].RecordsAffected;
    }

    private void AddBegin(NpgsqlBatch batch)
    {
        if (_transaction is not { } kind || _isSent)
        {
            return;
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(kind == Transaction.Read ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN"));
        if (kind == Transaction.Write)
        {
            // One such transaction at a time, as in SQLite: what it has read stays true until it ends. Readers are not kept out.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("LOCK TABLE store IN EXCLUSIVE MODE"));
        }
    }

    private bool Connected()
    {
        _connection.Connect();
        return true;
    }

    private void Forget()
    {
        _transaction = null;
        _isSent = false;
        _hasChanges = false;
        Foresight = null;
        ForgetPending();
    }

    private void ForgetPending()
    {
        _pending.Clear();
        _rows = 0;
        _firstOpen = 0;
        _list++;
    }
}
