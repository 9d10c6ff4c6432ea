using System.Text;

namespace Hone.Tracking.Store;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal abstract class Statement : IDisposable
{
    /// <summary>Sets a parameter to a whole number.</summary>
    public abstract void Bind(int parameter, long value);

    /// <summary>Sets a parameter to a number. NaN becomes NULL, which <see cref="Double"/> turns back.</summary>
    public abstract void Bind(int parameter, double value);

    /// <summary>Sets a parameter of a column that has no NULL to a number. NaN is kept, and sorts after all numbers.</summary>
    public abstract void BindWithNan(int parameter, double value);

    /// <summary>Sets a parameter to a text, or to NULL.</summary>
    public abstract void Bind(int parameter, string? value);

    /// <summary>Sets a parameter to a text in UTF-8.</summary>
    public abstract void Bind(int parameter, ReadOnlySpan<byte> utf8);

    /// <summary>Sets a parameter to bytes.</summary>
    public abstract void BindBytes(int parameter, ReadOnlySpan<byte> bytes);

    /// <summary>Sets a parameter to NULL.</summary>
    public abstract void BindNull(int parameter);

    /// <summary>Goes to the next row; false, and ready to be run again, if there is none.</summary>
    public abstract bool Step();

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <remarks>A database on the network may put it off until the next question or the end of the transaction, and fail only then.</remarks>
    public abstract void Run();

    /// <summary>Runs a statement that returns no rows, at once, and says how many it inserted, changed or deleted.</summary>
    public abstract int RunAndCount();

    /// <summary>Makes the statement ready to be run again, before its last row. Parameters keep their values.</summary>
    public abstract void Reset();

    /// <summary>Whether a column of the row is NULL.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A column of the row as a whole number, a truth value as 0 or 1; 0 for NULL.</summary>
    public abstract long Int64(int column);

    /// <summary>A column of the row as a number; NaN for what is none.</summary>
    public abstract double Double(int column);

    /// <summary>A column of the row as bytes, a text as UTF-8; valid until the next step.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A column of the row as a text; null for NULL.</summary>
    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    /// <summary>Runs an <c>INSERT … RETURNING</c> and gives back the one number that it returns.</summary>
    public long RunAndGet()
    {
        Step();
        var number = Int64(0);
        Reset();
        return number;
    }

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

    /// <summary>Sets parameters 1 and 2 to the first key of an experiment's runs and the first one after them.</summary>
    public void BindRuns(long experiment)
    {
        Bind(1, RunKey.First(experiment));
        Bind(2, RunKey.First(experiment + 1));
    }
}
