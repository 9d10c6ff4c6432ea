using System.Globalization;
using System.Text;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Filters;

/// <summary>A SQL text that is made for one request, with the values it is bound to. No letter of a request ever gets into the text.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<FilterValue> _values = [];

    /// <summary>Adds a text of the program.</summary>
    public SqlText Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Adds a place that is bound to a value.</summary>
    public SqlText Bind(FilterValue value)
    {
        _values.Add(value);
        _text.Append(CultureInfo.InvariantCulture, $"?{_values.Count}");
        return this;
    }

    /// <summary>Adds a comparison of an expression of the program with a condition's values.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="comparator">How it is compared.</param>
    /// <param name="values">The values: one, or those of a list.</param>
    public SqlText Compare(string expression, Comparator comparator, params ReadOnlySpan<FilterValue> values)
    {
        switch (comparator)
        {
            case Comparator.LikeInAnyCase:
                return Add($"lower({expression}) LIKE lower(").Bind(values[0]).Add(")");
            case Comparator.In or Comparator.NotIn:
                Add(expression).Add(comparator == Comparator.In ? " IN (" : " NOT IN (");
                for (var i = 0; i < values.Length; i++)
                {
                    Add(i == 0 ? "" : ", ").Bind(values[i]);
                }

                return Add(")");
            case Comparator.IsNull or Comparator.IsNotNull:
                return Add(expression).Add(comparator == Comparator.IsNull ? " IS NULL" : " IS NOT NULL");
            default:
                return Add(expression).Add(Sign(comparator)).Bind(values[0]);
        }
    }

    /// <summary>Prepares the statement and binds its values; it is the caller's to end.</summary>
    public Statement Prepare(TrackingSession session)
    {
        var statement = session.Database.Prepare(_text.ToString());
        for (var i = 0; i < _values.Count; i++)
        {
            _values[i].Bind(statement, i + 1);
        }

        return statement;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Sign(Comparator comparator) => comparator switch
    {
        Comparator.Equal => " = ",
        Comparator.NotEqual => " <> ",
        Comparator.Less => " < ",
        Comparator.LessOrEqual => " <= ",
        Comparator.Greater => " > ",
        Comparator.GreaterOrEqual => " >= ",
        _ => " LIKE ",
    };
}

/// <summary>A value that a statement is bound to: a text, a whole number or a number.</summary>
internal readonly struct FilterValue
{
    private readonly string? _text;
    private readonly long _integer;
    private readonly double? _real;

    private FilterValue(string? text, long integer, double? real)
    {
        _text = text;
        _integer = integer;
        _real = real;
    }

    public static implicit operator FilterValue(string text) => new(text, 0, null);

    public static implicit operator FilterValue(long integer) => new(null, integer, null);

    public static implicit operator FilterValue(double real) => new(null, 0, real);

    /// <summary>Binds a place of a statement to the value.</summary>
    public void Bind(Statement statement, int parameter)
    {
        if (_text is not null)
        {
            statement.Bind(parameter, _text);
        }
        else if (_real is { } real)
        {
            statement.Bind(parameter, real);
        }
        else
        {
            statement.Bind(parameter, _integer);
        }
    }
}
