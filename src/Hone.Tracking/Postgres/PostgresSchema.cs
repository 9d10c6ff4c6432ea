using System.Globalization;
using Hone.Tracking.Store;

namespace Hone.Tracking.Postgres;

/// <summary>The tables of a store in PostgreSQL: those of <see cref="StoreSchema"/> in a schema of their own, beside whatever else is there.</summary>
internal static class PostgresSchema
{
    /// <summary>The schema that holds a store.</summary>
    public const string Name = "hone";

    // Any number that all programs agree on, while the tables are made.
    private const long Making = 0x486F6E65;

    // version: of the tables. writers: how many transactions each connection has committed, by which one that lost its connection in the
    // middle of a commit learns whether it was.
    private const string OwnTables =
        """
        CREATE TABLE hone.version (version BIGINT NOT NULL);
        INSERT INTO hone.version VALUES (0);
        CREATE TABLE hone.writers (writer TEXT PRIMARY KEY, commits BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT now());
        """;

    /// <summary>The version of the tables; null if there are none.</summary>
    public static long? Version(PostgresDatabase database) =>
        database.Number("SELECT CASE WHEN to_regclass('hone.version') IS NULL THEN NULL ELSE 1 END") is null
            ? null
            : database.Number("SELECT version FROM hone.version");

    /// <summary>Makes the tables, or brings them up to date.</summary>
    /// <exception cref="StudyStoreException">They cannot be made, or a newer version wrote them.</exception>
    public static void Prepare(PostgresDatabase database, string shown)
    {
        Check(database, shown);
        if (Version(database) == StoreSchema.Version)
        {
            return;
        }

        database.Begin(Transaction.Own);
        try
        {
            // Another process may make them at the same time.
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({Making})"));
            var version = Version(database);
            if (version is null)
            {
                database.Execute("CREATE SCHEMA IF NOT EXISTS hone");
                database.Execute(OwnTables);
            }

            for (var next = (int)(version ?? 0); next < StoreSchema.Version; next++)
            {
                database.Execute(PostgresText.OfSchema(StoreSchema.Migrations[next]));
            }

            database.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE hone.version SET version = {StoreSchema.Version}"));
            database.Execute("DELETE FROM hone.writers WHERE at < now() - interval '30 days'");
            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private static void Check(PostgresDatabase database, string shown)
    {
        if (database.Number("SELECT CASE WHEN current_setting('server_encoding') = 'UTF8' THEN 1 END") is null)
        {
            throw new StudyStoreException($"The database {shown} does not keep texts as UTF-8. Make one with: createdb --encoding UTF8 --template template0 NAME");
        }

        if (Version(database) is { } version && version > StoreSchema.Version)
        {
            throw new StudyStoreException(
                $"The store {shown} has version {version}, and this program knows versions up to {StoreSchema.Version}. Use a newer hone.");
        }
    }
}
