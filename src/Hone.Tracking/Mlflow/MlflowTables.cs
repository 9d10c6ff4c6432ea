using System.Globalization;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>Reads tables of which a file may lack some, or columns of them.</summary>
internal sealed class MlflowTables
{
    private readonly SqliteDatabase _database;
    private readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);

    public MlflowTables(SqliteDatabase database)
    {
        _database = database;
        using var rows = database.Prepare("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'");
        while (rows.Step())
        {
            if (!_columns.TryGetValue(rows.Text(0)!, out var columns))
            {
                _columns.Add(rows.Text(0)!, columns = new HashSet<string>(StringComparer.Ordinal));
            }

            columns.Add(rows.Text(1)!);
        }
    }

    /// <summary>Whether a table has a column.</summary>
    public bool Has(string table, string column) => _columns.TryGetValue(table, out var columns) && columns.Contains(column);

    /// <summary>All rows of a table. Columns that it lacks are NULL.</summary>
    public Statement Select(string table, params string[] columns) => Select(table, [], columns);

    /// <summary>The rows of a table that have some values. Columns that it lacks are NULL; there are none where one of a condition is lacking.</summary>
    public Statement Select(string table, (string Column, string Value)[] conditions, params string[] columns)
    {
        var known = columns.Select(column => Has(table, column) ? $"\"{column}\"" : "NULL");
        var isThere = _columns.ContainsKey(table) && conditions.All(condition => Has(table, condition.Column));
        var where = string.Concat(conditions.Select((condition, i) => string.Create(CultureInfo.InvariantCulture, $" AND \"{condition.Column}\" = ?{i + 1}")));
        var statement = _database.Prepare(isThere
            ? $"SELECT {string.Join(", ", known)} FROM \"{table}\" WHERE TRUE{where} ORDER BY rowid"
            : "SELECT NULL WHERE FALSE");
        for (var i = 0; isThere && i < conditions.Length; i++)
        {
            statement.Bind(i + 1, conditions[i].Value);
        }

        return statement;
    }
}
