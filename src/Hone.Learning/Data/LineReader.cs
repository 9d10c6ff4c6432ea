namespace Hone.Learning.Data;

/// <summary>Hands out the lines of a stream of bytes, one at a time, holding no more than one line and one block in memory.</summary>
/// <param name="stream">The bytes.</param>
/// <param name="isMarked">Whether they must end with <see cref="MarkedGzip.Mark"/>, which is then no part of the last line.</param>
internal sealed class LineReader(Stream stream, bool isMarked)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Reads a line without its end; it is valid until the next call.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The data were damaged or cut off.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(searched + found, 1);
                return true;
            }

            searched = _end - _start;
            if (!_ended)
            {
                Fill();
                searched = Math.Min(searched, _end - _start);
                continue;
            }

            line = searched == 0 ? default : Take(searched, 0);
            return searched > 0;
        }
    }

    private ReadOnlySpan<byte> Take(int length, int lineEnd)
    {
        var line = _buffer.AsSpan(_start, length);
        _start += length + lineEnd;
        Line++;
        if (Line == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        var kept = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }
        else if (kept == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }

        (_start, _end) = (0, kept);
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _ended = read == 0;
        if (_ended && isMarked)
        {
            TakeMark();
        }
    }

    private void TakeMark()
    {
        if (!_buffer.AsSpan(_start, _end - _start).EndsWith(MarkedGzip.Mark))
        {
            throw new InvalidDataException();
        }

        _end -= MarkedGzip.Mark.Length;
    }
}
