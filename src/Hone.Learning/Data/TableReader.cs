using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hone.Learning.Data;

/// <summary>
/// Reads a table of numbers: a line of column names, then a line a row, separated by tabs, commas or semicolons, as it is or in gzip.
/// Fields may stand in double quotes.
/// </summary>
public static class TableReader
{
    /// <summary>Reads a whole table of numbers in which no value is missing.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stream">The bytes, from where it stands; it must be able to seek.</param>
    /// <param name="name">Stands in front of error messages; one that ends in <c>.gz</c> must be gzip.</param>
    /// <param name="target">Name of the column to learn; the other columns are the features, in order.</param>
    /// <exception cref="DataException">It is not such a table; the message names line, column and value.</exception>
    public static Dataset<T> Read<T>(Stream stream, string name, string target = "target")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return Read<T>(stream, name, new TableOptions { Target = target, InfersTypes = false });
    }

    /// <summary>Reads a whole table.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stream">The bytes, from where it stands; it must be able to seek.</param>
    /// <param name="name">Stands in front of error messages; one that ends in <c>.gz</c> must be gzip.</param>
    /// <param name="options">How.</param>
    /// <exception cref="DataException">It is not such a table; the message names line, column and value.</exception>
    public static Dataset<T> Read<T>(Stream stream, string name, TableOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        using var rows = new MemoryStream();
        return Read(stream, name, options, new RowStore<T>(rows));
    }

    /// <summary>Reads a whole table by way of a store.</summary>
    /// <exception cref="DataException">It is not such a table; the message names line, column and value.</exception>
    /// <exception cref="IOException">The store cannot take the rows, or the stream cannot be read.</exception>
    internal static Dataset<T> Read<T>(Stream stream, string name, TableOptions options, RowStore<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var start = stream.Position;
        try
        {
            var first = ReadOnce(stream, name, options, null, rows, out var texts);
            if (first is not null)
            {
                return first;
            }

            // Some columns hold texts. Now that all of them are known the table is read again.
            stream.Position = start;
            return ReadOnce(stream, name, options, texts, rows, out _)!;
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{name}: the gzip data are damaged or cut off. Fetch the file again.", e);
        }
    }

    private static Dataset<T>? ReadOnce<T>(
        Stream stream, string name, TableOptions options, IReadOnlySet<string>? categories, RowStore<T> rows, out IReadOnlySet<string> texts)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var isGzip = FileKind.IsGzip(stream, name);
        using var gzip = isGzip ? MarkedGzip.Decompress(stream) : null;
        var lines = new LineReader(gzip ?? stream, isGzip);
        try
        {
            var reading = new Reading<T>(lines, name, options, categories, rows);
            var table = reading.Read();
            texts = reading.Texts;
            return table;
        }
        catch (DataException)
        {
            // Damaged gzip data can look like a bad line first. To know it, the rest must be read.
            while (lines.TryRead(out _)) { }
            throw;
        }
    }

    /// <summary>The state of reading one table.</summary>
    private sealed class Reading<T>(LineReader lines, string name, TableOptions options, IReadOnlySet<string>? categories, RowStore<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
        private int _lines;
        private byte _separator;
        private TableColumn[] _columns = [];
        private int _targetIndex = -1;
        private byte[] _unquoted = new byte[64];

        /// <summary>The columns of texts, where types are inferred and the table was not known to have any.</summary>
        public IReadOnlySet<string> Texts => _texts;

        /// <returns>Null if there are <see cref="Texts"/>.</returns>
        public Dataset<T>? Read()
        {
            ReadHeader();
            rows.Begin(_columns.Length);
            while (lines.TryRead(out var line))
            {
                if (!line.IsEmpty)
                {
                    ReadRow(line);
                    _lines++;
                }
            }

            if (_texts.Count > 0)
            {
                return options.RefusesMixed && _columns.Select(column => column.MixedWith(_lines)).FirstOrDefault(told => told is not null) is { } mixed
                    ? throw new DataException(name + mixed)
                    : null;
            }

            if (rows.Rows == 0)
            {
                throw new DataException($"{name}: there {(options.Missing == Missing.Refuse
                    ? "are no rows under the header." : "is no row under the header in which nothing is missing.")}");
            }

            var columns = _columns.Where((column, i) => i != _targetIndex && column.Type != ColumnType.Ignored).ToArray();
            if (columns.Length == 0)
            {
                throw new DataException($"{name}: all columns to learn from are ignored. Leave one.");
            }

            return new Dataset<T>(
                name,
                new Matrix<T>(rows.Rows, columns.Length, rows.Features(columns.Length)),
                Targets(),
                Array.ConvertAll(columns, column => column.Name),
                options.Target ?? "")
            {
                Categories = Array.ConvertAll(columns, column => column.Categories),
                ClassNames = _targetIndex >= 0 ? _columns[_targetIndex].Categories : [],
            };
        }

        // Class 1 is then the second name, whichever row comes first.
        private double[] Targets()
        {
            var targets = rows.Targets();
            if (_targetIndex >= 0 && _columns[_targetIndex].Categories.Count > 0)
            {
                var codes = _columns[_targetIndex].Sort();
                for (var row = 0; row < targets.Length; row++)
                {
                    targets[row] = codes[(int)targets[row]];
                }
            }

            return targets;
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

            if (columns.Exists(column => column.Any(c => char.IsControl(c) || c == '\uFFFD')))
            {
                throw new DataException(Message("the line is no text in UTF-8. Column names were expected."));
            }

            _columns = [.. columns.Select(column => new TableColumn(column))];
            CheckHeader([.. columns]);
        }

        private void CheckHeader(string[] header)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var column in header)
            {
                if (!seen.Add(column))
                {
                    throw new DataException(Message(
                        $"two columns {(column.Length == 0 ? "have no name" : $"are named '{column}'")}. Each needs a name of its own."));
                }
            }

            foreach (var column in options.Types.Keys)
            {
                Find(header, column, "that a type is given for");
            }

            _targetIndex = options.Target is null ? -1 : Find(header, options.Target, "to learn");
            if (header.Length == 1 && _targetIndex == 0)
            {
                throw new DataException(Message($"'{options.Target}' is the only column. At least one more was expected, to learn from."));
            }

            foreach (var column in _columns)
            {
                column.Type = options.Types.TryGetValue(column.Name, out var type) ? type
                    : categories?.Contains(column.Name) == true ? ColumnType.Category : ColumnType.Number;
            }
        }

        private int Find(string[] header, string column, string what)
        {
            var index = Array.IndexOf(header, column);
            if (index < 0)
            {
                var hint = Spelling.Nearest(column, header) is { } nearest ? $" Did you mean '{nearest}'?" : "";
                throw new DataException(Message($"there is no column '{column}' {what}; the columns are {Some(header)}.{hint}"));
            }

            return index;
        }

        private void ReadRow(ReadOnlySpan<byte> line)
        {
            var rest = line;
            var (keeps, target) = (true, 0.0);
            for (var c = 0; c < _columns.Length; c++)
            {
                var field = NextField(ref rest, out var more, c);
                if (more != c < _columns.Length - 1)
                {
                    var count = CountFields(line);
                    throw new DataException(Message(
                        $"there {(count == 1 ? "is 1 value" : $"are {count} values")}, and {_columns.Length} columns in the header."));
                }

                if (_columns[c].Type == ColumnType.Ignored)
                {
                    continue;
                }

                var value = Read(field, c, ref keeps);
                if (c == _targetIndex)
                {
                    target = value;
                }
                else
                {
                    Store(c, value);
                }
            }

            if (keeps)
            {
                rows.EndRow(target, _columns.Length);
            }
            else
            {
                rows.Drop();
            }
        }

        private double Read(ReadOnlySpan<byte> field, int c, ref bool keeps)
        {
            var column = _columns[c];
            if (column.Type == ColumnType.Number && TableColumn.TrySimpleNumber(field, out var simple))
            {
                return simple;
            }

            if (TableColumn.IsMissing(field) && (options.InfersTypes || !field.Trim((byte)' ').SequenceEqual("NaN"u8)))
            {
                if (options.Missing == Missing.Refuse)
                {
                    throw new DataException(Message(
                        c, $"the value is missing ('{Encoding.UTF8.GetString(field).Trim()}'). Fill it in, or drop the row."));
                }

                column.Missing++;
                keeps &= options.Missing == Missing.Impute && c != _targetIndex;
                return double.NaN;
            }

            if (column.TryRead(field, out var value) is not { } problem)
            {
                return value;
            }

            if (!options.InfersTypes || options.Types.ContainsKey(column.Name) || column.Type != ColumnType.Number
                || !TableColumn.IsText(field))
            {
                throw new DataException(Message(c, problem));
            }

            _texts.Add(column.Name);
            column.NoteText(field, lines.Line);
            return 0;
        }

        private void Store(int c, double value)
        {
            var stored = T.CreateTruncating(value);
            if (T.IsInfinity(stored))
            {
                throw new DataException(Message(
                    c, $"{value.ToString("R", CultureInfo.InvariantCulture)} is too large. At most 3.4e38 can be stored."));
            }

            rows.Add(stored);
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
                    column < _columns.Length ? column : -1, "a quoted value does not end with a quote. Quotes inside are written twice."));
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
            Message(column < 0 || column >= _columns.Length ? problem : $"column '{_columns[column].Name}': {problem}");

        private string Message(string problem) => $"{name}:{lines.Line}: {problem}";

        private static byte Separator(ReadOnlySpan<byte> header) =>
            header.Contains((byte)'\t') ? (byte)'\t'
            : header.Contains((byte)',') ? (byte)','
            : header.Contains((byte)';') ? (byte)';' : (byte)'\t';

        private static string Some(string[] columns) =>
            columns.Length <= 10 ? string.Join(", ", columns) : $"{string.Join(", ", columns[..10])} and {columns.Length - 10} more";
    }
}
