namespace Hone.Workers.SystemMetrics;

/// <summary>Takes the numbers from a text of <c>/proc</c>, one after another.</summary>
internal ref struct ProcText(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Passes over fields that a space, a tab or a line's end closes.</summary>
    public void Skip(int fields)
    {
        for (; fields > 0; fields--)
        {
            SkipBlanks();
            var end = _rest.IndexOfAny((byte)' ', (byte)'\n', (byte)'\t');
            _rest = end < 0 ? default : _rest[end..];
        }
    }

    /// <summary>Goes behind the first occurrence of <paramref name="mark"/>; false, and at the end, if there is none.</summary>
    public bool SkipBehind(ReadOnlySpan<byte> mark)
    {
        var at = _rest.IndexOf(mark);
        _rest = at < 0 ? default : _rest[(at + mark.Length)..];
        return at >= 0;
    }

    /// <summary>Goes behind the last occurrence of <paramref name="mark"/>: a program's name may hold brackets and spaces.</summary>
    public void SkipBehindLast(byte mark) => _rest = _rest[(_rest.LastIndexOf(mark) + 1)..];

    /// <summary>The next number, 0 at the end of the text.</summary>
    public long Number() => TryNumber(out var number) ? number : 0;

    /// <summary>Takes the next number; false where none follows. A minus sign counts.</summary>
    public bool TryNumber(out long number)
    {
        SkipBlanks();
        number = 0;
        var at = 0;
        var negative = _rest.Length > 0 && _rest[0] == (byte)'-';
        var first = negative ? 1 : 0;
        for (at = first; at < _rest.Length && _rest[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            number = (number * 10) + (_rest[at] - (byte)'0');
        }

        _rest = _rest[at..];
        number = negative ? -number : number;
        return at > first;
    }

    private void SkipBlanks()
    {
        var at = 0;
        while (at < _rest.Length && _rest[at] is (byte)' ' or (byte)'\n' or (byte)'\t')
        {
            at++;
        }

        _rest = _rest[at..];
    }
}
