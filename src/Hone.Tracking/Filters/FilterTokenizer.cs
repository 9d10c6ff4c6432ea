using System.Globalization;
using System.Text;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Cuts a filter into tokens.</summary>
internal static class FilterTokenizer
{
    private const string Signs = "=!<>";
    private const string Marks = "(),";

    /// <summary>The tokens of a filter, and an end.</summary>
    /// <exception cref="TrackingException">A quote is not closed.</exception>
    public static List<FilterToken> Cut(string filter)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < filter.Length;)
        {
            var c = filter[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
                continue;
            }

            var end = End(filter, at);
            tokens.Add(Token(filter[at..end]));
            at = end;
        }

        tokens.Add(new FilterToken(TokenKind.End, "", "the end"));
        return tokens;
    }

    private static int End(string filter, int at)
    {
        var c = filter[at];
        if (Marks.Contains(c))
        {
            return at + 1;
        }

        if (c is '\'')
        {
            return AfterQuote(filter, at);
        }

        // Words may have quoted parts, in which anything may stand: tags."a b".c
        var end = at;
        var isSign = Signs.Contains(c);
        while (end < filter.Length && Signs.Contains(filter[end]) == isSign && !Marks.Contains(filter[end]) && !char.IsWhiteSpace(filter[end])
            && filter[end] != '\'')
        {
            if (filter[end] is not ('"' or '`'))
            {
                end++;
            }
            else if (isSign)
            {
                break;
            }
            else
            {
                end = AfterQuote(filter, end);
            }
        }

        return end;
    }

    // A quote is written within quotes as two of them, or after a backslash.
    private static int AfterQuote(string filter, int at)
    {
        var quote = filter[at];
        for (var i = at + 1; i < filter.Length; i++)
        {
            if (filter[i] == '\\' && i + 1 < filter.Length && filter[i + 1] == quote)
            {
                i++;
            }
            else if (filter[i] == quote)
            {
                if (i + 1 == filter.Length || filter[i + 1] != quote)
                {
                    return i + 1;
                }

                i++;
            }
        }

        throw TrackingException.Invalid($"Invalid filter '{filter}': the quote {quote} at position {at + 1} is not closed.");
    }

    private static FilterToken Token(string raw) => raw[0] switch
    {
        '\'' => new FilterToken(TokenKind.Text, Unquoted(raw), raw),
        '"' when AfterQuote(raw, 0) == raw.Length => new FilterToken(TokenKind.Text, Unquoted(raw), raw),
        '(' or ')' or ',' => new FilterToken(TokenKind.Mark, raw, raw),
        '=' or '!' or '<' or '>' => new FilterToken(TokenKind.Sign, raw, raw),
        _ when IsNumber(raw) => new FilterToken(TokenKind.Number, raw, raw),
        _ => new FilterToken(TokenKind.Word, raw, raw),
    };

    // "Infinity" and the like are words.
    private static bool IsNumber(string raw) =>
        (char.IsAsciiDigit(raw[0]) || raw[0] is '-' or '+' or '.') && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && !char.IsAsciiLetter(raw[^1]);

    /// <summary>What stands in quotes.</summary>
    public static string Unquoted(string raw)
    {
        var quote = raw[0];
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            // Before a quote stands what makes it one of the text.
            if ((raw[i] == quote || raw[i] == '\\') && i + 1 < raw.Length - 1 && raw[i + 1] == quote)
            {
                i++;
            }

            text.Append(raw[i]);
        }

        return text.ToString();
    }
}
