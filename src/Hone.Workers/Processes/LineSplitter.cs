namespace Hone.Workers.Processes;

/// <summary>Cuts a stream of bytes into lines, however the bytes arrive.</summary>
/// <remarks>
/// A line longer than the limit is passed on in pieces, none of which counts as a line. Lines that cannot be reports are passed on
/// together, so that a program that prints a lot costs little. What is handed on is valid during the call only.
/// </remarks>
internal sealed class LineSplitter(int limitBytes)
{
    private byte[] _rest = [];
    private int _length;
    private bool _isTooLong;

    /// <param name="text">A line with its line end, if it has one; lines without the key of reports; or a piece of a line that is too
    /// long.</param>
    /// <param name="isLine">Whether it is one or more whole lines.</param>
    public delegate void Take(ReadOnlySpan<byte> text, bool isLine);

    public void Add(ReadOnlySpan<byte> bytes, Take take)
    {
        var hasKey = bytes.IndexOf(ReportParser.Key) >= 0;
        while (!bytes.IsEmpty)
        {
            var isFresh = _length == 0 && !_isTooLong;
            var end = (isFresh && !hasKey ? bytes.LastIndexOf((byte)'\n') : bytes.IndexOf((byte)'\n')) + 1;
            var piece = end > 0 ? bytes[..end] : bytes;
            bytes = bytes[piece.Length..];
            if (isFresh && !hasKey && end > 0)
            {
                take(piece, true);
            }
            else if (_length + piece.Length > limitBytes || _isTooLong)
            {
                PassOn(piece, end == 0, take);
            }
            else if (end > 0 && _length == 0)
            {
                take(piece, true);
            }
            else
            {
                Keep(piece);
                if (end > 0)
                {
                    Flush(take);
                }
            }
        }
    }

    /// <summary>Hands on what has come without a line end: the program will write no more.</summary>
    public void End(Take take)
    {
        if (_length > 0)
        {
            Flush(take);
        }
    }

    private void PassOn(ReadOnlySpan<byte> piece, bool goesOn, Take take)
    {
        if (_length > 0)
        {
            take(_rest.AsSpan(0, _length), false);
            _length = 0;
        }

        take(piece, false);
        _isTooLong = goesOn;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length > _rest.Length)
        {
            Array.Resize(ref _rest, Math.Min(limitBytes, Math.Max(4096, 2 * (_length + piece.Length))));
        }

        piece.CopyTo(_rest.AsSpan(_length));
        _length += piece.Length;
    }

    private void Flush(Take take)
    {
        var length = _length;
        _length = 0;
        take(_rest.AsSpan(0, length), true);
    }
}
