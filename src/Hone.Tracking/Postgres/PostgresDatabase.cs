using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

    private const int LockAttempts = 10;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private const string Tick =
        "INSERT INTO writers (writer, commits) VALUES ($1, $2) ON CONFLICT (writer) DO UPDATE SET commits = excluded.commits, at = now()";

    private readonly string _settings;
    private readonly string _shown;
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly List<PendingWrite> _pending = [];
    private readonly PostgresStatement _tick;
    private NpgsqlConnection _connection;
    private bool _isLost;
    private string? _locked;

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
        _settings = settings;
        _shown = shown;
        _connection = new NpgsqlConnection(settings);
        _tick = new PostgresStatement(this, Tick);
        _tick.Bind(1, _writer);
    }

    /// <inheritdoc/>
    public override long TotalChanges => _totalChanges;

    /// <inheritdoc/>
    public override bool IsLost => _isLost || _connection.State != ConnectionState.Open;

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
            database.Guarded(database.Connect);
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

        Guarded(() => RunText(sql));
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

        try
        {
            RunText("ROLLBACK");
        }
        catch (Exception failure) when (PostgresErrors.IsOne(failure))
        {
            // The transaction ends with its connection.
            _isLost = true;
        }
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
    public override async Task<bool> TryLockAsync(string study, CancellationToken cancellationToken)
    {
        // The server sees a moment later that a tuner was killed.
        for (var attempt = 1; !TryLock(study); attempt++)
        {
            if (attempt == LockAttempts)
            {
                return false;
            }

            await Task.Delay(LockPause, TimeProvider.System, cancellationToken);
        }

        _locked = study;
        return true;
    }

    /// <inheritdoc/>
    public override bool IsLocked(string study)
    {
        var key = LockKey(study);
        return Number(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint = {(uint)(key >> 32)}
            AND objid::bigint = {(uint)key} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """)) > 0;
    }

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

    /// <inheritdoc/>
    protected override void Close()
    {
        try
        {
            if (!IsLost && _commits > 0)
            {
                RunText($"DELETE FROM writers WHERE writer = '{_writer}'");
            }

            if (!IsLost && _locked is not null)
            {
                // Else the server would give it up when it comes to see that the connection ended, a moment later.
                RunText("SELECT pg_advisory_unlock_all()");
            }
        }
        catch (Exception failure) when (PostgresErrors.IsOne(failure))
        {
            // It is a line too many in a table, which the next version's first start removes.
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
        return Guarded(() =>
        {
            if (IsLost)
            {
                if (!isFirst)
                {
                    throw new IOException("the connection was lost");
                }

                Connect();
            }

            try
            {
                return SendOnce(last, rows, commits);
            }
            catch (Exception failure) when (isRepeatable && PostgresErrors.IsOne(failure) && PostgresErrors.LosesConnection(failure))
            {
                Connect();
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
        using var batch = new NpgsqlBatch(_connection);
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
            rows?.Read(reader);
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

    private void Connect()
    {
        _connection.Dispose();
        _connection = new NpgsqlConnection(_settings);
        _connection.Open();
        _isLost = false;
        RunText("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')");
        if (_locked is { } study)
        {
            LockAgain(study);
        }
    }

    // What another tuner has written in between is not in this one's memory.
    private void LockAgain(string study)
    {
        using var holder = new NpgsqlCommand("SELECT holder FROM studies JOIN experiments USING (experiment) WHERE name = $1", _connection);
        holder.Parameters.Add(new NpgsqlParameter<string> { TypedValue = study });
        var isLocked = IsTrue($"SELECT pg_try_advisory_lock({LockKey(study).ToString(CultureInfo.InvariantCulture)})");
        var name = holder.ExecuteScalar() as string;
        if (isLocked && name == StudyLock.Holder)
        {
            return;
        }

        _isLost = true;
        throw name == StudyLock.Holder
            ? new StudyStoreException($"The lock of the study '{study}' is still held by the connection that was lost.") { IsTemporary = true }
            : new StudyStoreException($"Another hone tuned the study '{study}' while the database was away: {name}. Run this again to go on from there.");
    }

    private bool TryLock(string study)
    {
        using var statement = Prepare($"SELECT pg_try_advisory_lock({LockKey(study).ToString(CultureInfo.InvariantCulture)})");
        return statement.Step() && statement.Int64(0) != 0;
    }

    private bool IsTrue(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        return command.ExecuteScalar() is true;
    }

    private void RunText(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }

    private void Guarded(Action act) => Guarded(() =>
    {
        act();
        return 0;
    });

    private T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failure) when (PostgresErrors.IsOne(failure))
        {
            _isLost |= PostgresErrors.LosesConnection(failure);
            throw PostgresErrors.Of(failure, _shown);
        }
    }

    private void Forget()
    {
        _transaction = null;
        _isSent = false;
        _hasChanges = false;
        ForgetPending();
    }

    private void ForgetPending()
    {
        _pending.Clear();
        _rows = 0;
        _firstOpen = 0;
        _list++;
    }

    // Any two names have different keys, but for one pair in 2^64.
    private static long LockKey(string study) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("hone study\n" + study)));
}
