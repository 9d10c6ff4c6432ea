using Hone.Tracking.Postgres;

namespace Hone.Tracking.Store;

/// <summary>Where a store is: a SQLite file, or a PostgreSQL database.</summary>
internal abstract class StoreAddress
{
    /// <summary>Reads what <c>--store</c> names.</summary>
    /// <exception cref="StudyStoreException">It is an address of PostgreSQL that cannot be read.</exception>
    public static StoreAddress Parse(string store) => PostgresAddress.IsOne(store) ? PostgresAddress.Parse(store) : new FileAddress(store);

    /// <summary>Whether there is something that may be a store.</summary>
    public abstract bool Exists { get; }

    /// <summary>Makes the store's tables if they are not there, or brings them up to date, and connects.</summary>
    /// <exception cref="StudyStoreException">The store cannot be made, read or written, or is another program's.</exception>
    public abstract Database Make();

    /// <summary>Connects to a store whose tables are today's.</summary>
    /// <exception cref="StudyStoreException">The store cannot be reached.</exception>
    public abstract Database Connect();

    /// <summary>The address without a password, as it may be shown to anybody.</summary>
    public abstract override string ToString();
}

/// <summary>A store in a SQLite file.</summary>
internal sealed class FileAddress(string path) : StoreAddress
{
    // 8 MB: the file of the log is reused from its start after each checkpoint, and a commit into space that exists is the fastest.
    private const int CheckpointPages = 4_000;

    private readonly string _full = Path.GetFullPath(path);

    /// <inheritdoc/>
    public override bool Exists => File.Exists(path) || Directory.Exists(path);

    /// <inheritdoc/>
    public override Database Make()
    {
        if (Directory.Exists(_full))
        {
            throw new StudyStoreException($"The store '{path}' is a folder. Name a file in it, e.g. {Path.Combine(path, "hone.db")}.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_full)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"The folder of the store '{path}' cannot be made: {e.Message}", e);
        }

        return Connect(create: true);
    }

    /// <inheritdoc/>
    public override Database Connect() => Connect(create: false);

    /// <inheritdoc/>
    public override string ToString() => _full;

    private SqliteDatabase Connect(bool create)
    {
        var database = SqliteDatabase.Open(_full, create);
        try
        {
            database.Execute("PRAGMA synchronous = FULL; PRAGMA case_sensitive_like = TRUE");
            if (create)
            {
                StoreSchema.Prepare(database, _full);
                database.Execute("PRAGMA journal_mode = WAL");
            }

            database.Execute($"PRAGMA wal_autocheckpoint = {CheckpointPages}");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
