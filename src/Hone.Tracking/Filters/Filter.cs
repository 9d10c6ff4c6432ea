using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Reads filters: conditions that must all hold, joined by <c>AND</c>.</summary>
/// <remarks>
/// <c>metrics.loss &lt; 0.1 AND params."batch size" = '32' AND tags.team LIKE 'a%' AND attributes.run_id IN ('…', '…')</c>. Keywords may be in
/// any case; a name with other letters stands in double quotes or backticks; texts stand in single or double quotes. What a kind of thing
/// can be asked for is said by those who search for it.
/// </remarks>
internal sealed class Filter
{
    // SQLite's limits lie some times above these.
    private const int MostConditions = 100;
    private const int MostInList = 10_000;

    private readonly string _filter;
    private readonly List<FilterToken> _tokens;
    private int _next;

    private Filter(string filter)
    {
        _filter = filter;
        _tokens = FilterTokenizer.Cut(filter);
    }

    /// <summary>The conditions of a filter; none for one that is empty.</summary>
    /// <exception cref="TrackingException">It cannot be read.</exception>
    public static List<Condition> Parse(string? filter)
    {
        var conditions = new List<Condition>();
        if (string.IsNullOrWhiteSpace(filter))
        {
            return conditions;
        }

        var parser = new Filter(filter);
        conditions.Add(parser.Condition());
        while (!parser.TryTake(TokenKind.End))
        {
            parser.Expect("AND");
            conditions.Add(parser.Condition());
            CheckCount(conditions.Count, MostConditions, "conditions");
        }

        return conditions;
    }

    private FilterToken Current => _tokens[_next];

    private Condition Condition()
    {
        if (Current.Kind is not (TokenKind.Word or TokenKind.Text))
        {
            throw Wrong("a name such as metrics.loss");
        }

        var subject = Subjects.Parse(Take().Raw);
        var comparator = Comparator();
        return new Condition(subject, comparator, comparator switch
        {
            Filters.Comparator.In or Filters.Comparator.NotIn => List(),
            Filters.Comparator.IsNull or Filters.Comparator.IsNotNull => [],
            _ => [Value()],
        });
    }

    private Comparator Comparator()
    {
        var token = Take();
        if (token.Is("NOT"))
        {
            Expect("IN");
            return Filters.Comparator.NotIn;
        }

        if (token.Is("IS"))
        {
            var isNot = Current.Is("NOT");
            _next += isNot ? 1 : 0;
            Expect("NULL");
            return isNot ? Filters.Comparator.IsNotNull : Filters.Comparator.IsNull;
        }

        return token.Text.ToUpperInvariant() switch
        {
            "=" => Filters.Comparator.Equal,
            "!=" => Filters.Comparator.NotEqual,
            "<" => Filters.Comparator.Less,
            "<=" => Filters.Comparator.LessOrEqual,
            ">" => Filters.Comparator.Greater,
            ">=" => Filters.Comparator.GreaterOrEqual,
            "LIKE" => Filters.Comparator.Like,
            "ILIKE" => Filters.Comparator.LikeInAnyCase,
            "IN" => Filters.Comparator.In,
            _ => throw TrackingException.Invalid(
                $"Invalid comparator '{token.Raw}' in filter '{Short}': expected =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL or IS NOT NULL."),
        };
    }

    private List<FilterToken> List()
    {
        var values = new List<FilterToken>();
        if (!TryTakeMark('('))
        {
            throw Wrong("a list such as ('a', 'b')");
        }

        do
        {
            values.Add(Value());
            CheckCount(values.Count, MostInList, "members of a list");
        }
        while (TryTakeMark(','));
        if (!TryTakeMark(')'))
        {
            throw Wrong(")");
        }

        return values;
    }

    private FilterToken Value() => Current.Kind is TokenKind.Text or TokenKind.Number
        ? Take()
        : throw TrackingException.Invalid($"Expected a quoted string value or a number (e.g. 'my-value'). Got value {Current.Raw} in filter '{Short}'.");

    private void Expect(string keyword)
    {
        if (!Current.Is(keyword))
        {
            throw Wrong(keyword);
        }

        _next++;
    }

    private bool TryTake(TokenKind kind)
    {
        var isIt = Current.Kind == kind;
        _next += isIt ? 1 : 0;
        return isIt;
    }

    private bool TryTakeMark(char mark)
    {
        var isIt = Current.IsMark(mark);
        _next += isIt ? 1 : 0;
        return isIt;
    }

    // The end is never passed.
    private FilterToken Take() => Current.Kind == TokenKind.End ? Current : _tokens[_next++];

    private static void CheckCount(int count, int most, string what)
    {
        if (count > most)
        {
            throw TrackingException.Invalid($"A filter can have at most {most} {what}.");
        }
    }

    private TrackingException Wrong(string expected) =>
        TrackingException.Invalid($"Invalid filter '{Short}'. Could not be parsed correctly: expected {expected}, got {Current.Raw}.");

    private string Short => _filter.Length <= 500 ? _filter : _filter[..500] + "…";
}
