using SQLitePCL;

namespace Hone.Tracking.Store;

/// <summary>A prepared statement of SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : Statement
{
    private bool _disposed;

    /// <inheritdoc/>
    public override void Bind(int parameter, long value) => database.Check(raw.sqlite3_bind_int64(handle, parameter, value));

    /// <inheritdoc/>
    public override void Bind(int parameter, double value) => database.Check(raw.sqlite3_bind_double(handle, parameter, value));

    /// <inheritdoc/>
    public override void BindWithNan(int parameter, double value)
    {
        if (double.IsNaN(value))
        {
            // A text sorts after all numbers.
            Bind(parameter, "NaN"u8);
        }
        else
        {
            Bind(parameter, value);
        }
    }

    /// <inheritdoc/>
    public override void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            BindNull(parameter);
        }
        else
        {
            database.Check(raw.sqlite3_bind_text16(handle, parameter, value));
        }
    }

    /// <inheritdoc/>
    public override void Bind(int parameter, ReadOnlySpan<byte> utf8) => database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));

    /// <inheritdoc/>
    public override void BindBytes(int parameter, ReadOnlySpan<byte> bytes) => database.Check(raw.sqlite3_bind_blob(handle, parameter, bytes));

    /// <inheritdoc/>
    public override void BindNull(int parameter) => database.Check(raw.sqlite3_bind_null(handle, parameter));

    /// <inheritdoc/>
    public override bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            database.Check(result);
        }

        raw.sqlite3_reset(handle);
        return false;
    }

    /// <inheritdoc/>
    public override void Run() => Step();

    /// <inheritdoc/>
    public override int RunAndCount()
    {
        Step();
        return database.Changes;
    }

    /// <inheritdoc/>
    public override void Reset() => raw.sqlite3_reset(handle);

    /// <inheritdoc/>
    public override bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public override long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <inheritdoc/>
    public override double Double(int column) => raw.sqlite3_column_type(handle, column) is raw.SQLITE_FLOAT or raw.SQLITE_INTEGER
        ? raw.sqlite3_column_double(handle, column)
        : double.NaN;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        database.Remove(this);
        handle.Dispose();
    }
}
