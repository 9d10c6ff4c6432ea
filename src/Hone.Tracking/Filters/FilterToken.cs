namespace Hone.Tracking.Filters;

/// <summary>What a piece of a filter is.</summary>
internal enum TokenKind
{
    /// <summary>A name or a keyword: letters, digits and whatever else is no other token, with quoted parts.</summary>
    Word,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of <c>= != &lt; &lt;= &gt; &gt;=</c>, or a mistaken one.</summary>
    Sign,

    /// <summary>A comma or a parenthesis.</summary>
    Mark,

    /// <summary>The end.</summary>
    End,
}

/// <summary>A piece of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says: a text without its quotes, everything else as it stands.</param>
/// <param name="Raw">How it stands in the filter, for errors.</param>
internal readonly record struct FilterToken(TokenKind Kind, string Text, string Raw)
{
    /// <summary>Whether it is a keyword, in any case.</summary>
    public bool Is(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a certain comma or parenthesis.</summary>
    public bool IsMark(char mark) => Kind == TokenKind.Mark && Text[0] == mark;
}
