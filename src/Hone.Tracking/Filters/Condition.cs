namespace Hone.Tracking.Filters;

/// <summary>How a condition compares.</summary>
internal enum Comparator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>Like a pattern, letters in their case.</summary>
    Like,

    /// <summary>Like a pattern, letters in any case.</summary>
    LikeInAnyCase,
    In,
    NotIn,
    IsNull,
    IsNotNull,
}

/// <summary>What a condition or an order is about: <c>metrics.loss</c>, <c>status</c>.</summary>
/// <param name="Kind">What stands before the dot, in lower case and in the singular, e.g. <c>metric</c>; <c>attribute</c> if nothing does.</param>
/// <param name="Key">The name.</param>
internal readonly record struct Subject(string Kind, string Key)
{
    /// <summary>The kind of what a thing has by itself.</summary>
    public const string Attribute = "attribute";
}

/// <summary>One condition of a filter.</summary>
/// <param name="Subject">What is compared.</param>
/// <param name="Comparator">How.</param>
/// <param name="Values">With what: one value, the members of a list, or nothing.</param>
internal sealed record Condition(Subject Subject, Comparator Comparator, IReadOnlyList<FilterToken> Values)
{
    /// <summary>The one value.</summary>
    public FilterToken Value => Values[0];
}
