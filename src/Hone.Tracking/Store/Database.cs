namespace Hone.Tracking.Store;

/// <summary>What a transaction is for, which says whom it shuts out.</summary>
internal enum Transaction
{
    /// <summary>Questions, whose answers are of one moment.</summary>
    Read,

    /// <summary>Changes to what any program may change; no other such transaction runs meanwhile.</summary>
    Write,

    /// <summary>Changes to a study that this connection has locked.</summary>
    Own,
}

/// <summary>A connection to a store, for one thread at a time. Errors come out as <see cref="StudyStoreException"/>.</summary>
/// <remarks>
/// SQL is written as SQLite has it, without <c>INSERT OR</c>, bare columns beside aggregates and subqueries without a name; what PostgreSQL
/// says otherwise is put in its words by <see cref="Postgres.PostgresText"/>. Parameters are <c>?1</c>, <c>?2</c>, …
/// </remarks>
internal abstract class Database : IDisposable
{
    private readonly Dictionary<string, Statement> _kept = new(StringComparer.Ordinal);

    /// <summary>The statements that have not been ended.</summary>
    protected List<Statement> Statements { get; } = [];

    /// <summary>Rises with every change that this connection makes.</summary>
    public abstract long TotalChanges { get; }

    /// <summary>A text as it can be kept, with a picture of the character U+0000 in the place of it where the database knows none.</summary>
    public virtual string Storable(string text) => text;

    /// <summary>Whether the connection is lost, and would have to be made again.</summary>
    public virtual bool IsLost => false;

    /// <summary>Prepares a statement; the connection ends it when it is disposed, if nobody has before.</summary>
    public abstract Statement Prepare(string sql);

    /// <summary>Runs statements of SQL that return nothing of interest.</summary>
    public abstract void Execute(string sql);

    /// <summary>Begins a transaction.</summary>
    public abstract void Begin(Transaction kind);

    /// <summary>Ends the transaction; what it changed is durable when this returns.</summary>
    /// <exception cref="StudyStoreException">It was not, or the connection was lost and it is <see cref="IsInDoubt">in doubt</see>.</exception>
    public abstract void Commit();

    /// <summary>Undoes the open transaction, if there is one.</summary>
    public abstract void Rollback();

    /// <summary>Whether the connection was lost while a transaction was being committed, so that nobody knows whether it was.</summary>
    public virtual bool IsInDoubt => false;

    /// <summary>Asks whether the transaction in doubt was committed; null if there is no doubt. The next transaction forgets it.</summary>
    /// <exception cref="StudyStoreException">The store still cannot be reached; the doubt remains.</exception>
    public virtual bool? SettleDoubt() => null;

    /// <summary>Takes the right to tune a study, until the connection is disposed; false if another has it.</summary>
    public abstract Task<bool> TryLockAsync(string study, CancellationToken cancellationToken);

    /// <summary>Whether somebody has the right to tune a study.</summary>
    public abstract bool IsLocked(string study);

    /// <summary>The statement of a text, prepared at its first use and kept as long as the connection; ready to be run.</summary>
    /// <remarks>For texts of the program, of which there are few; one that is made for a request is to be <see cref="Prepare">prepared</see>.</remarks>
    public Statement Kept(string sql)
    {
        if (_kept.TryGetValue(sql, out var statement))
        {
            statement.Reset();
            return statement;
        }

        statement = Prepare(sql);
        _kept.Add(sql, statement);
        return statement;
    }

    /// <summary>Ends the reading of all statements, so that none of them holds on to what the store was.</summary>
    public void ResetAll()
    {
        foreach (var statement in Statements)
        {
            statement.Reset();
        }
    }

    /// <summary>The one number that a query returns; null if it returns no row or NULL.</summary>
    public long? Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in Statements.ToArray())
        {
            statement.Dispose();
        }

        Close();
    }

    /// <summary>Forgets a statement that has been ended.</summary>
    internal void Remove(Statement statement) => Statements.Remove(statement);

    /// <summary>Ends the connection, after its statements.</summary>
    protected abstract void Close();
}
