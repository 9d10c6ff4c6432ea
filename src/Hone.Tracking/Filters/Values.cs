using System.Globalization;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Takes out of conditions what a kind of thing can be compared with.</summary>
internal static class Values
{
    // SQLite takes patterns some times as long; what is held against them is at most 8,000 letters.
    private const int LongestPattern = 8_000;

    /// <summary>The texts of a condition.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="hasLists">Whether lists may be asked for.</param>
    /// <exception cref="TrackingException">A value is no text, or texts cannot be compared so.</exception>
    public static FilterValue[] Texts(Condition condition, bool hasLists = false)
    {
        var isAllowed = condition.Comparator switch
        {
            Comparator.Equal or Comparator.NotEqual or Comparator.Like or Comparator.LikeInAnyCase => true,
            Comparator.In or Comparator.NotIn => hasLists,
            Comparator.IsNull or Comparator.IsNotNull => condition.Subject.Kind != Subject.Attribute,
            _ => false,
        };
        if (!isAllowed)
        {
            throw WrongComparator(condition, hasLists ? "'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'" : "'=', '!=', 'LIKE', 'ILIKE'");
        }

        var texts = new FilterValue[condition.Values.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            if (condition.Comparator is Comparator.Like or Comparator.LikeInAnyCase && condition.Values[i].Text.Length > LongestPattern)
            {
                throw TrackingException.Invalid($"A pattern can have at most {LongestPattern} letters.");
            }

            texts[i] = condition.Values[i] is { Kind: TokenKind.Text } token ? token.Text : throw NoText(condition, condition.Values[i]);
        }

        return texts;
    }

    /// <summary>The number of a condition.</summary>
    /// <exception cref="TrackingException">The value is no number, or numbers cannot be compared so.</exception>
    public static FilterValue Number(Condition condition)
    {
        if (condition.Comparator > Comparator.GreaterOrEqual)
        {
            throw WrongComparator(condition, "'=', '!=', '<', '<=', '>', '>='");
        }

        if (condition.Value.Kind != TokenKind.Number)
        {
            throw TrackingException.Invalid(
                $"Expected numeric value type for {condition.Subject.Kind} '{condition.Subject.Key}'. Found {condition.Value.Raw}");
        }

        return long.TryParse(condition.Value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : double.Parse(condition.Value.Text, CultureInfo.InvariantCulture);
    }

    /// <summary>There is no attribute of that name.</summary>
    public static TrackingException NoAttribute(string key, string valid) =>
        TrackingException.Invalid($"Invalid attribute key '{{{key}}}' specified. Valid keys are '{valid}'");

    /// <summary>Things of this kind cannot be asked for that.</summary>
    public static TrackingException WrongKind(Subject subject, string valid) =>
        TrackingException.Invalid($"Invalid entity type '{subject.Kind}'. Valid values are {valid}");

    private static TrackingException NoText(Condition condition, FilterToken token) => TrackingException.Invalid(
        $"Expected a quoted string value for {condition.Subject.Kind} '{condition.Subject.Key}' (e.g. 'my-value'). Got value {token.Raw}");

    private static TrackingException WrongComparator(Condition condition, string valid) => TrackingException.Invalid(
        $"Invalid comparator '{condition.Comparator}' for {condition.Subject.Kind} '{condition.Subject.Key}': expected one of {valid}");
}
