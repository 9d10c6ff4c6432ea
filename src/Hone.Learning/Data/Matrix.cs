using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>Numbers in rows and columns, stored one row after the other without gaps.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Matrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <param name="rows">At least 0.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="values">Row by row; kept, not copied.</param>
    /// <exception cref="ArgumentException">There are not rows x columns values.</exception>
    public Matrix(int rows, int columns, T[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(values);
        if ((long)rows * columns != values.Length)
        {
            throw new ArgumentException($"{rows} x {columns} values are needed, {values.Length} were given.", nameof(values));
        }

        Rows = rows;
        Columns = columns;
        Values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>All values, row by row.</summary>
    public T[] Values { get; }

    /// <summary>The value at a row and a column, both from 0.</summary>
    public T this[int row, int column] => Row(row)[column];

    /// <summary>One row, from 0.</summary>
    public ReadOnlySpan<T> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
