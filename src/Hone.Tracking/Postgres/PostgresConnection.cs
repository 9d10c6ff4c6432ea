using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hone.Tracking.Store;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>A connection that is made again after it was lost, and locks again the study that it had locked.</summary>
/// <param name="settings">What Npgsql is to know.</param>
/// <param name="shown">The store, as it may be shown.</param>
internal sealed class PostgresConnection(string settings, string shown) : IDisposable
{
    private const int LockAttempts = 10;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private NpgsqlConnection _connection = new(settings);
    private bool _isLost;
    private string? _locked;

    /// <summary>Whether the connection would have to be made again.</summary>
    public bool IsLost => _isLost || _connection.State != ConnectionState.Open;

    /// <summary>A batch of statements on the connection as it is.</summary>
    public NpgsqlBatch Batch() => new(_connection);

    /// <summary>Makes the connection, anew if need be.</summary>
    /// <exception cref="StudyStoreException">The study that was locked is another's now.</exception>
    public void Connect()
    {
        _connection.Dispose();
        _connection = new NpgsqlConnection(settings);
        _connection.Open();
        _isLost = false;
        Run("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')");
        if (_locked is { } study)
        {
            LockAgain(study);
        }
    }

    /// <summary>Runs SQL as it is.</summary>
    public void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Does something, and says for the user what goes wrong with the database.</summary>
    /// <exception cref="StudyStoreException">The database failed.</exception>
    public T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failure) when (PostgresErrors.IsOne(failure))
        {
            _isLost |= PostgresErrors.LosesConnection(failure);
            throw PostgresErrors.Of(failure, shown);
        }
    }

    /// <summary>Does something where nothing depends on whether it succeeds.</summary>
    public void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception failure) when (PostgresErrors.IsOne(failure))
        {
            // What the connection held ends with it.
            _isLost = true;
        }
    }

    /// <summary>Takes the right to tune a study, until the connection ends; false if another connection has it.</summary>
    public async Task<bool> TryLockAsync(string study, CancellationToken cancellationToken)
    {
        // The server sees a moment later that a tuner was killed.
        for (var attempt = 1; !Guard(() => TryLock(study)); attempt++)
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

    /// <summary>The question how many connections have the right to tune a study.</summary>
    public static string IsLockedSql(string study)
    {
        var key = LockKey(study);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint = {(uint)(key >> 32)}
            AND objid::bigint = {(uint)key} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsLost && _locked is not null)
        {
            // Else the server would give it up when it comes to see that the connection ended, a moment later.
            Try(() => Run("SELECT pg_advisory_unlock_all()"));
        }

        _connection.Dispose();
    }

    // What another tuner has written in between is not in this one's memory.
    private void LockAgain(string study)
    {
        var isLocked = TryLock(study);
        using var command = new NpgsqlCommand("SELECT holder FROM studies JOIN experiments USING (experiment) WHERE name = $1", _connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = study });
        var holder = command.ExecuteScalar() as string;
        if (isLocked && holder == StudyLock.Holder)
        {
            return;
        }

        // If it was taken, it is given up with the connection.
        _connection.Dispose();
        _isLost = true;
        throw holder == StudyLock.Holder
            ? new StudyStoreException($"The lock of the study '{study}' is still held by the connection that was lost.") { IsTemporary = true }
            : new StudyStoreException($"Another hone tuned the study '{study}' while the database was away: {holder}. Run this again to go on from there.");
    }

    private bool TryLock(string study)
    {
        using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey(study).ToString(CultureInfo.InvariantCulture)})", _connection);
        return command.ExecuteScalar() is true;
    }

    // Two names have one key in 2^64.
    private static long LockKey(string study) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("hone study\n" + study)));
}
