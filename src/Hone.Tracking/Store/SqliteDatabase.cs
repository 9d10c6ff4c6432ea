using SQLitePCL;

namespace Hone.Tracking.Store;

/// <summary>A connection to a SQLite file.</summary>
/// <remarks>
/// SQLite's own interface rather than ADO.NET: a measurement costs about a microsecond here, and a command object with boxed parameters
/// costs more than that by itself.
/// </remarks>
internal sealed class SqliteDatabase : Database
{
    // Long enough for another study's largest batch and its checkpoint on a slow disk.
    private const int BusyMilliseconds = 30_000;

    private readonly sqlite3 _handle;
    private readonly string _path;
    private StudyLock? _lock;

    private SqliteDatabase(sqlite3 handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    /// <inheritdoc/>
    public override long TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>How many rows the last statement inserted, changed or deleted.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    private bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens a file; an empty one is made if there is none and <paramref name="create"/> is set.</summary>
    /// <exception cref="StudyStoreException">The file cannot be opened.</exception>
    public static SqliteDatabase Open(string path, bool create)
    {
        Batteries_V2.Init();
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new SqliteDatabase(handle, path);
        if (result != raw.SQLITE_OK)
        {
            var failure = database.Failure(result);
            database.Dispose();
            throw failure;
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        return database;
    }

    /// <inheritdoc/>
    public override void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <inheritdoc/>
    public override Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        Statements.Add(statement);
        return statement;
    }

    /// <inheritdoc/>
    public override void Begin(Transaction kind) => Kept(kind == Transaction.Read ? "BEGIN" : "BEGIN IMMEDIATE").Run();

    /// <inheritdoc/>
    public override void Commit()
    {
        // A question that is still open would hold on to what the file was, and the log could never be folded back into it.
        ResetAll();
        Kept("COMMIT").Run();
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        ResetAll();

        // A full disk may have rolled it back already; then there is nothing to undo.
        if (InTransaction)
        {
            raw.sqlite3_exec(_handle, "ROLLBACK");
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> TryLockAsync(string study, CancellationToken cancellationToken)
    {
        try
        {
            _lock = await StudyLock.TryTakeAsync(_path, study, cancellationToken);
            return _lock is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"The study '{study}' cannot be locked: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override bool IsLocked(string study) => StudyLock.IsHeld(_path, study);

    /// <summary>Throws if a result code is an error.</summary>
    public void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw Failure(result);
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        _handle.Dispose();
        _lock?.Dispose();
    }

    private StudyStoreException Failure(int result)
    {
        var detail = raw.sqlite3_errmsg(_handle).utf8_to_string();
        return new StudyStoreException((result & 0xff) switch
        {
            raw.SQLITE_NOTADB => $"'{_path}' is not a store: it is no SQLite database. Name another file with --store.",
            raw.SQLITE_CORRUPT => $"The store '{_path}' is damaged ({detail}). Put back a copy of it, "
                + $"or save what can be read with: sqlite3 '{_path}' .recover",
            raw.SQLITE_FULL => $"No space is left for the store '{_path}'. Free some and go on: nothing that was acknowledged is lost.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => $"The store '{_path}' cannot be written ({detail}). Check the rights of the file and its folder.",
            raw.SQLITE_CANTOPEN => $"The store '{_path}' cannot be opened ({detail}). Check that the folder exists and that you may write to it.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The store '{_path}' has been busy for {BusyMilliseconds / 1000} seconds: "
                + "another program is writing to it. End that program, or try again later.",
            raw.SQLITE_IOERR => $"The disk of the store '{_path}' failed ({detail}). Check the disk and its free space: "
                + "nothing that was acknowledged is lost.",
            _ => $"The store '{_path}' failed: {detail} (SQLite error {result}).",
        });
    }
}
