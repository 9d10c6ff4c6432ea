using System.Text;
using SQLitePCL;

namespace Hone.Tracking.Store;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private bool _disposed;

    /// <summary>Sets a parameter to a whole number.</summary>
    public void Bind(int parameter, long value) => database.Check(raw.sqlite3_bind_int64(handle, parameter, value));

    /// <summary>Sets a parameter to a whole number, or to NULL.</summary>
    public void Bind(int parameter, long? value)
    {
        if (value is { } number)
        {
            Bind(parameter, number);
        }
        else
        {
            BindNull(parameter);
        }
    }

    /// <summary>Sets a parameter to a number. NaN becomes NULL, which <see cref="Double"/> turns back.</summary>
    public void Bind(int parameter, double value) => database.Check(raw.sqlite3_bind_double(handle, parameter, value));

    /// <summary>Sets a parameter to a text, or to NULL.</summary>
    public void Bind(int parameter, string? value)
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

    /// <summary>Sets a parameter to a text in UTF-8.</summary>
    public void Bind(int parameter, ReadOnlySpan<byte> utf8) => database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));

    /// <summary>Sets a parameter to bytes.</summary>
    public void BindBytes(int parameter, ReadOnlySpan<byte> bytes) => database.Check(raw.sqlite3_bind_blob(handle, parameter, bytes));

    /// <summary>Sets parameters 1 and 2 to the first key of an experiment's runs and the first one after them.</summary>
    public void BindRuns(long experiment)
    {
        Bind(1, RunKey.First(experiment));
        Bind(2, RunKey.First(experiment + 1));
    }

    /// <summary>Sets a parameter to NULL.</summary>
    public void BindNull(int parameter) => database.Check(raw.sqlite3_bind_null(handle, parameter));

    /// <summary>Goes to the next row; false, and ready to be run again, if there is none.</summary>
    public bool Step()
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

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run() => Step();

    /// <summary>Makes the statement ready to be run again, before its last row. Parameters keep their values.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    /// <summary>Whether a column of the row is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <summary>Whether a column of the row is a number, and no text, bytes or NULL.</summary>
    public bool IsNumber(int column) => raw.sqlite3_column_type(handle, column) is raw.SQLITE_FLOAT or raw.SQLITE_INTEGER;

    /// <summary>A column of the row as a whole number; 0 for NULL.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>A column of the row as a number; NaN for NULL.</summary>
    public double Double(int column) => IsNull(column) ? double.NaN : raw.sqlite3_column_double(handle, column);

    /// <summary>A column of the row as a text; null for NULL.</summary>
    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A column of the row as bytes, a text as UTF-8; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    /// <inheritdoc/>
    public void Dispose()
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
