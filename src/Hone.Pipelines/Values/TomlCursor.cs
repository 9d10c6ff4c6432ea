using System.Globalization;
using System.Text;

namespace Hone.Pipelines.Values;

/// <summary>A place in a TOML text, and what can be read from there without knowing of tables.</summary>
internal sealed class TomlCursor(string text, string file)
{
    private const int Deepest = 100;
    private int _at;
    private int _depth;

    public bool IsAtEnd => _at >= text.Length;

    public char Current => _at < text.Length ? text[_at] : '\0';

    public int Line => text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1;

    public PipelineException Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file}:{Line}: not TOML: {what}"), PipelineFault.WrongInput);

    public void Enter()
    {
        if (++_depth > Deepest)
        {
            throw Wrong($"nested more than {Deepest} levels deep");
        }
    }

    public void Leave() => _depth--;

    public bool Skip(char c)
    {
        if (Current != c || IsAtEnd)
        {
            return false;
        }

        _at++;
        return true;
    }

    public void Take(char expected)
    {
        SkipBlanks();
        if (!Skip(expected))
        {
            throw Wrong(IsAtEnd ? $"the text ends where '{expected}' should stand" : $"'{Current}' where '{expected}' should stand");
        }
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            _at++;
        }
    }

    public void SkipEmptyLines()
    {
        while (true)
        {
            SkipBlanks();
            if (Current == '#')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }

            if (!Skip('\n') && !Skip('\r'))
            {
                return;
            }
        }
    }

    public void EndLine()
    {
        SkipBlanks();
        if (!IsAtEnd && Current is not ('#' or '\n' or '\r'))
        {
            throw Wrong($"'{Current}' where the line should end");
        }
    }

    public string Word()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '+' or '-' or '.' or '_' or ':'
            || (Current == ' ' && _at - start == 10 && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1]) && text[start + 4] == '-'))
        {
            _at++;
        }

        return text[start.._at];
    }

    public string Key()
    {
        if (Current is '"' or '\'')
        {
            return Quoted();
        }

        var start = _at;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '-' or '_')
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Wrong(IsAtEnd ? "the text ends where a key should stand" : $"'{Current}' where a key should stand");
    }

    /// <summary>A text in any of the four kinds of quotes.</summary>
    public string Quoted()
    {
        var quote = Current;
        var isLong = text.AsSpan(_at).StartsWith(new string(quote, 3), StringComparison.Ordinal);
        var end = new string(quote, isLong ? 3 : 1);
        _at += end.Length;
        if (isLong)
        {
            Skip('\r');
            Skip('\n');
        }

        var result = new StringBuilder();
        while (!text.AsSpan(Math.Min(_at, text.Length)).StartsWith(end, StringComparison.Ordinal))
        {
            if (IsAtEnd || (!isLong && Current == '\n'))
            {
                throw Wrong("a text has no closing quote");
            }

            if (quote == '"' && Current == '\\')
            {
                Escape(result, isLong);
            }
            else
            {
                result.Append(text[_at++]);
            }
        }

        _at += end.Length;

        // Up to two more quotes belong to a long text that they end.
        for (var extra = 0; isLong && extra < 2 && Current == quote; extra++)
        {
            result.Append(text[_at++]);
        }

        return result.ToString();
    }

    private void Escape(StringBuilder result, bool isLong)
    {
        _at++;
        var letter = Current;
        _at++;
        switch (letter)
        {
            case 'b' or 't' or 'n' or 'f' or 'r' or '"' or '\\':
                result.Append(letter switch { 'b' => '\b', 't' => '\t', 'n' => '\n', 'f' => '\f', 'r' => '\r', _ => letter });
                break;
            case 'u' or 'U' when _at + (letter == 'u' ? 4 : 8) is var end && end <= text.Length
                && uint.TryParse(text.AsSpan(_at, end - _at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) && Rune.IsValid(point):
                result.Append(new Rune(point).ToString());
                _at = end;
                break;
            case ' ' or '\t' or '\r' or '\n' when isLong:
                while (Current is ' ' or '\t' or '\r' or '\n')
                {
                    _at++;
                }

                break;
            default:
                throw Wrong("a backslash stands before what cannot follow it");
        }
    }
}
