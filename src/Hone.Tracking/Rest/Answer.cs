using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Tracking.Rest;

/// <summary>The JSON of an answer while it is written; used again for later answers.</summary>
internal sealed class Answer
{
    // What a page of 25,000 measurements takes is not kept for ever.
    private const int MostKept = 1 << 20;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly ConcurrentBag<Answer> Idle = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    private Answer() => Json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Where the answer is written: one object, which is begun and ended by the owner.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>What has been written, after <see cref="End"/>.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>An answer with its object begun.</summary>
    public static Answer Rent()
    {
        var answer = Idle.TryTake(out var idle) ? idle : new Answer();
        answer.Begin();
        return answer;
    }

    /// <summary>Forgets what was written, and begins anew.</summary>
    public void Begin()
    {
        _buffer.ResetWrittenCount();
        Json.Reset();
        Json.WriteStartObject();
    }

    /// <summary>Ends the object.</summary>
    public void End()
    {
        Json.WriteEndObject();
        Json.Flush();
    }

    /// <summary>What has been written since the last call, when the answer is sent piece by piece; <see cref="Sent"/> forgets it.</summary>
    public ReadOnlyMemory<byte> Piece()
    {
        Json.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>Forgets a piece that was sent. What is written next goes on from it.</summary>
    public void Sent() => _buffer.ResetWrittenCount();

    /// <summary>Gives the answer back after it was sent.</summary>
    public void Return()
    {
        if (_buffer.Capacity <= MostKept)
        {
            Idle.Add(this);
        }
    }
}
