using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hone.Learning.Data;

/// <summary>
/// Reads a table of numbers: a line of column names, then a line a row, separated by tabs, commas or semicolons, as it is or in gzip.
/// Fields may stand in double quotes. Categories are expected as numbers, and no value may be missing.
/// </summary>
public static class TableReader
{
    private static ReadOnlySpan<byte> GzipMark => [0x1F, 0x8B];

    /// <summary>Reads a whole table.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stream">The bytes, from where it stands; it must be able to seek.</param>
    /// <param name="name">Stands in front of error messages; one that ends in <c>.gz</c> must be gzip.</param>
    /// <param name="target">Name of the column to learn; the other columns are the features, in order.</param>
    /// <exception cref="DataException">It is not such a table; the message names line, column and value.</exception>
    public static Dataset<T> Read<T>(Stream stream, string name, string target = "target")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(target);
        try
        {
            var isGzip = IsGzip(stream, name);
            using var table = isGzip ? MarkedGzip.Decompress(stream) : stream;
            return Read<T>(new LineReader(table, isGzip), name, target);
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{name}: the gzip data are damaged or cut off. Fetch the file again.", e);
        }
    }

    private static Dataset<T> Read<T>(LineReader lines, string name, string target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            return new Reading<T>(lines, name, target).Read();
        }
        catch (DataException)
        {
            // Damaged gzip data can look like a bad line first. To know it, the rest must be read.
            while (lines.TryRead(out _)) { }
            throw;
        }
    }

    private static bool IsGzip(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[2];
        var length = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        stream.Seek(-length, SeekOrigin.Current);
        var isGzip = start[..length].SequenceEqual(GzipMark);
        if (!isGzip && length > 0 && name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new DataException($"{name}: is not gzip, though its name says so. Rename it, or compress it.");
        }

        return isGzip;
    }

    /// <summary>The state of reading one table.</summary>
    private sealed class Reading<T>(LineReader lines, string name, string target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly List<double> _targets = [];
        private T[] _features = new T[1024];
        private int _featureCount;
        private byte _separator;
        private string[] _header = [];
        private int _targetIndex;
        private byte[] _unquoted = new byte[64];

        public Dataset<T> Read()
        {
            ReadHeader();
            while (lines.TryRead(out var line))
            {
                if (!line.IsEmpty)
                {
                    ReadRow(line);
                }
            }

            if (_targets.Count == 0)
            {
                throw new DataException($"{name}: there are no rows under the header.");
            }

            var columns = _header.Where((_, i) => i != _targetIndex).ToArray();
            Array.Resize(ref _features, _featureCount);
            return new Dataset<T>(
                name, new Matrix<T>(_targets.Count, columns.Length, _features), [.. _targets], columns, target);
        }

        private void ReadHeader()
        {
            if (!lines.TryRead(out var line) || line.IsEmpty)
            {
                throw new DataException(lines.Line == 0
                    ? $"{name}: the file is empty. A line of column names and a line for each row were expected."
                    : Message("the line is empty. Column names were expected."));
            }

            _separator = Separator(line);
            var columns = new List<string>();
            for (var rest = line; ;)
            {
                var field = NextField(ref rest, out var more, columns.Count);
                columns.Add(Encoding.UTF8.GetString(field).Trim());
                if (!more)
                {
                    break;
                }
            }

            _header = [.. columns];
            CheckHeader();
        }

        private void CheckHeader()
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var column in _header)
            {
                if (!seen.Add(column))
                {
                    throw new DataException(Message($"two columns are named '{column}'. Each needs a name of its own."));
                }
            }

            _targetIndex = Array.IndexOf(_header, target);
            if (_targetIndex < 0)
            {
                var hint = Spelling.Nearest(target, _header) is { } nearest ? $" Did you mean '{nearest}'?" : "";
                throw new DataException(Message($"there is no column '{target}' to learn; the columns are {Some(_header)}.{hint}"));
            }

            if (_header.Length == 1)
            {
                throw new DataException(Message($"'{target}' is the only column. At least one more was expected, to learn from."));
            }
        }

        private void ReadRow(ReadOnlySpan<byte> line)
        {
            if (_featureCount + _header.Length > _features.Length)
            {
                Array.Resize(ref _features, checked(_features.Length * 2) + _header.Length);
            }

            var rest = line;
            for (var column = 0; column < _header.Length; column++)
            {
                var field = NextField(ref rest, out var more, column);
                if (more != column < _header.Length - 1)
                {
                    throw new DataException(Message($"there are {CountFields(line)} values, and {_header.Length} columns in the header."));
                }

                Store(column, Number(field, column));
            }
        }

        private void Store(int column, double value)
        {
            if (column == _targetIndex)
            {
                _targets.Add(value);
                return;
            }

            var stored = T.CreateTruncating(value);
            if (!T.IsFinite(stored))
            {
                throw new DataException(Message(
                    column, $"{value.ToString("R", CultureInfo.InvariantCulture)} is too large. At most 3.4e38 can be stored."));
            }

            _features[_featureCount++] = stored;
        }

        private double Number(ReadOnlySpan<byte> field, int column)
        {
            if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                return value;
            }

            var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 40)]).Trim();
            throw new DataException(Message(column, text switch
            {
                "" or "?" or "NA" or "N/A" or "null" => $"the value is missing ('{text}'). Fill it in, or drop the row.",
                _ when char.IsAsciiLetter(text[0]) && !double.TryParse(text, CultureInfo.InvariantCulture, out _) =>
                    $"'{text}' is not a number. Code categories as whole numbers.",
                _ => $"'{text}' is not a finite number.",
            }));
        }

        /// <summary>Takes the next field off a line.</summary>
        /// <param name="rest">The line from the field on; afterwards from behind the separator.</param>
        /// <param name="more">Whether a separator followed, and so another field.</param>
        /// <param name="column">Position of the field, from 0, for messages.</param>
        private ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> rest, out bool more, int column)
        {
            if (rest.StartsWith("\""u8))
            {
                return NextQuotedField(ref rest, out more, column);
            }

            var end = rest.IndexOf(_separator);
            more = end >= 0;
            var field = more ? rest[..end] : rest;
            rest = more ? rest[(end + 1)..] : default;
            return field;
        }

        private ReadOnlySpan<byte> NextQuotedField(ref ReadOnlySpan<byte> rest, out bool more, int column)
        {
            var length = 0;
            var i = 1;
            for (; i < rest.Length; i++)
            {
                if (rest[i] == '"' && (++i == rest.Length || rest[i] != '"'))
                {
                    break;
                }

                if (length == _unquoted.Length)
                {
                    Array.Resize(ref _unquoted, length * 2);
                }

                _unquoted[length++] = rest[i];
            }

            var closed = rest.Length > 1 && i <= rest.Length && rest[i - 1] == '"';
            if (!closed || (i < rest.Length && rest[i] != _separator))
            {
                throw new DataException(Message(
                    column < _header.Length ? column : -1, "a quoted value does not end with a quote. Quotes inside are written twice."));
            }

            more = i < rest.Length;
            rest = more ? rest[(i + 1)..] : default;
            return _unquoted.AsSpan(0, length);
        }

        private int CountFields(ReadOnlySpan<byte> line)
        {
            var count = 0;
            for (var more = true; more; count++)
            {
                NextField(ref line, out more, -1);
            }

            return count;
        }

        private string Message(int column, string problem) =>
            Message(column < 0 || column >= _header.Length ? problem : $"column '{_header[column]}': {problem}");

        private string Message(string problem) => $"{name}:{lines.Line}: {problem}";

        private static byte Separator(ReadOnlySpan<byte> header) =>
            header.Contains((byte)'\t') ? (byte)'\t'
            : header.Contains((byte)',') ? (byte)','
            : header.Contains((byte)';') ? (byte)';' : (byte)'\t';

        private static string Some(string[] columns) =>
            columns.Length <= 10 ? string.Join(", ", columns) : $"{string.Join(", ", columns[..10])} and {columns.Length - 10} more";
    }
}
