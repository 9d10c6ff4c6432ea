using System.Net.Sockets;
using Hone.Tracking.Store;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>What went wrong with a database, in words for the user.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an exception is about the database.</summary>
    public static bool IsOne(Exception failure) => failure is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>Whether the connection is of no use after an exception.</summary>
    public static bool LosesConnection(Exception failure) =>
        failure is not PostgresException known || known.SqlState is ['5', '7', 'P', '0', ..] or ['0', '8', ..] or "53300";

    /// <summary>The exception for the caller.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="shown">The store, as it may be shown.</param>
    public static StudyStoreException Of(Exception failure, string shown) => failure switch
    {
        PostgresException known => Of(known, shown),
        NpgsqlException { IsTransient: false } => new StudyStoreException(
            $"The database {shown} cannot be used: {failure.Message.TrimEnd('.')}. A password is taken from PGPASSWORD or ~/.pgpass.", failure),
        _ => Away(failure, shown, (failure.InnerException ?? failure).Message),
    };

    private static StudyStoreException Of(PostgresException failure, string shown) => failure.SqlState switch
    {
        ['5', '7', 'P', '0', ..] or ['0', '8', ..] or "53300" or "57014" => Away(failure, shown, failure.MessageText),
        "40001" or "40P01" or "55P03" => new StudyStoreException(
            $"The database {shown} is busy: {failure.MessageText}.", failure) { IsTemporary = true },
        "28P01" or "28000" => new StudyStoreException(
            $"The database {shown} lets nobody in: {failure.MessageText}. Check the user; a password is taken from PGPASSWORD or ~/.pgpass.", failure),
        "3D000" => new StudyStoreException($"There is no database {shown}. Make it with: createdb --encoding UTF8 --template template0 NAME", failure),
        "42501" => new StudyStoreException(
            $"The user of {shown} may not do it: {failure.MessageText}. Its owner can allow it: GRANT CREATE ON DATABASE NAME TO USER", failure),
        "53100" => new StudyStoreException($"No space is left for the database {shown}. Free some and go on: nothing that was acknowledged is lost.", failure),
        _ => new StudyStoreException($"The database {shown} failed: {failure.MessageText} (PostgreSQL error {failure.SqlState}).", failure),
    };

    private static StudyStoreException Away(Exception failure, string shown, string detail) =>
        new($"The database {shown} cannot be reached ({detail.TrimEnd('.')}).", failure) { IsTemporary = true };
}
