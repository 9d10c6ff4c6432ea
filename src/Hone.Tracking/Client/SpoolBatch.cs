using System.Buffers;
using System.Text.Json;

namespace Hone.Tracking.Client;

/// <summary>What stands next in a spool and can be sent together: up to 1,000 values, parameters and tags, or one file, or the run's end.</summary>
/// <remarks>
/// The limits are those of the protocol. No parameter and no tag is twice in a batch: servers refuse the one, and need not keep the order of
/// the other. Used again for batch after batch; not thread-safe.
/// </remarks>
internal sealed class SpoolBatch
{
    private const int MostTogether = 1_000;
    private const int MostParameters = 100;
    private const int MostTags = 100;
    private const int BufferBytes = 256 * 1024; // a request may have 10^6, and a line has some 60,000 at most

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly List<Item> _items = [];
    private readonly HashSet<(LineKind Kind, string Key)> _names = [];
    private readonly ArrayBufferWriter<byte> _body = new(4096);
    private int _parameters;
    private int _tags;

    /// <summary>How many bytes of the spool it is, lines that need not be sent included; 0 if nothing was there.</summary>
    public int Bytes { get; private set; }

    /// <summary>How many values, parameters and tags there are.</summary>
    public int Count => _items.Count;

    /// <summary>The file or the end that it is instead; null: it is neither.</summary>
    public LineKind? Other { get; private set; }

    /// <summary>The JSON of the file or the end.</summary>
    public ReadOnlySpan<byte> OtherJson => JsonOf(_items[0]);

    /// <summary>Reads the next batch.</summary>
    public void Read(Spool spool)
    {
        Bytes = 0;
        Other = null;
        _parameters = 0;
        _tags = 0;
        _items.Clear();
        _names.Clear();
        var rest = _buffer.AsSpan(0, spool.ReadUnsent(_buffer));
        int end;
        while ((end = rest[Bytes..].IndexOf((byte)'\n')) >= 0 && Take(rest.Slice(Bytes, end)))
        {
            Bytes += end + 1;
            if (Other is not null)
            {
                return;
            }
        }
    }

    /// <summary>The body of a request that logs some of it.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The one behind the last.</param>
    /// <returns>Good until the next call.</returns>
    public ReadOnlyMemory<byte> Body(string run, int from, int to)
    {
        _body.ResetWrittenCount();
        _body.Write("{\"run_id\":"u8);
        _body.Write(JsonSerializer.SerializeToUtf8Bytes(run, SpoolJson.Default.String));
        WriteList(LineKind.Metric, ",\"metrics\":["u8, from, to);
        WriteList(LineKind.Parameter, ",\"params\":["u8, from, to);
        WriteList(LineKind.Tag, ",\"tags\":["u8, from, to);
        _body.Write("}"u8);
        return _body.WrittenMemory;
    }

    /// <summary>One of the values, parameters and tags, for people.</summary>
    public string Show(int index) => System.Text.Encoding.UTF8.GetString(JsonOf(_items[index]));

    private void WriteList(LineKind kind, ReadOnlySpan<byte> head, int from, int to)
    {
        var isFirst = true;
        for (var i = from; i < to; i++)
        {
            if (_items[i].Kind == kind)
            {
                _body.Write(isFirst ? head : ","u8);
                _body.Write(JsonOf(_items[i]));
                isFirst = false;
            }
        }

        _body.Write(isFirst ? ""u8 : "]"u8);
    }

    // False: the line is for the next batch.
    private bool Take(ReadOnlySpan<byte> line)
    {
        if (!SpoolLine.TryRead(line, out var kind, out var json))
        {
            return true; // It was damaged on the disk, and was told of when the spool was opened.
        }

        if (kind is LineKind.Run or LineKind.Known or LineKind.Sent)
        {
            return true;
        }

        if (kind is LineKind.File or LineKind.End)
        {
            if (_items.Count > 0)
            {
                return false;
            }

            Other = kind;
        }
        else if (!HasRoom(kind, json))
        {
            return false;
        }

        _items.Add(new Item(kind, Bytes + 2, json.Length));
        return true;
    }

    private bool HasRoom(LineKind kind, ReadOnlySpan<byte> json)
    {
        return _items.Count < MostTogether && (kind == LineKind.Metric
            || ((kind == LineKind.Parameter ? _parameters++ < MostParameters : _tags++ < MostTags) && _names.Add((kind, KeyOf(json)))));
    }

    private static string KeyOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        reader.Read();
        reader.Read();
        return reader.GetString()!;
    }

    private ReadOnlySpan<byte> JsonOf(Item item) => _buffer.AsSpan(item.Start, item.Length);

    private readonly record struct Item(LineKind Kind, int Start, int Length);
}
