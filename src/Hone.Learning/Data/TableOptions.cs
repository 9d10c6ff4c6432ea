namespace Hone.Learning.Data;

/// <summary>What a column holds.</summary>
public enum ColumnType
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Names of categories; each becomes a feature that is 1 in its rows and 0 in the others.</summary>
    Category,

    /// <summary>Dates or times as ISO 8601 writes them; read as days since 1970-01-01, UTC.</summary>
    Time,

    /// <summary>Nothing of use, such as a row's id.</summary>
    Ignored,
}

/// <summary>What to do with a row in which a value is missing: empty, <c>?</c>, <c>NA</c>, <c>N/A</c>, <c>NaN</c> or <c>null</c>.</summary>
public enum Missing
{
    /// <summary>Refuse the table, naming the line.</summary>
    Refuse,

    /// <summary>Leave the row out.</summary>
    Drop,

    /// <summary>
    /// Fill in the median of the column's numbers, or its most frequent category, as they are in the rows for training. A row without a
    /// target is left out.
    /// </summary>
    Impute,
}

/// <summary>How a table is read.</summary>
public sealed record TableOptions
{
    /// <summary>Name of the column to learn; null for a table to predict from, which has none.</summary>
    public string? Target { get; init; } = "target";

    /// <summary>What to do where values are missing.</summary>
    public Missing Missing { get; init; }

    /// <summary>What columns hold, by name; for those not named it is numbers where all values are, else categories.</summary>
    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>Whether a column of texts is one of categories; otherwise it is refused, unless <see cref="Types"/> names it.</summary>
    public bool InfersTypes { get; init; } = true;

    /// <summary>
    /// Whether a column without a type that holds texts and more numbers is refused, for its texts are likely mistakes; otherwise it is one
    /// of categories.
    /// </summary>
    public bool RefusesMixed { get; init; } = true;
}
