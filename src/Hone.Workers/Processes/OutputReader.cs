using System.Buffers;
using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hone.Workers.Processes;

/// <summary>Reads one output of a trial to its end: reports out, everything else into the log.</summary>
internal sealed class OutputReader : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int LeftoverBytes = 1024 * 1024;
    private const int LastLineBytes = 300;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time;
    private readonly TrialLog? _log;
    private readonly Action<ReadOnlySpan<byte>>? _see;
    private readonly LineSplitter _lines;
    private readonly bool _mayReport;
    private readonly AnonymousPipeClientStream _pipe;
    private readonly int _file;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Report> _reports = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly byte[] _last = new byte[LastLineBytes];
    private int _lastLength;
    private CancellationTokenSource? _limit;
    private CancellationTokenRegistration _limitReached;

    /// <param name="file">The read end of a pipe; closed in the end.</param>
    /// <param name="mayReport">Whether a line may be a report.</param>
    /// <param name="log">What takes the rest; null: nothing does.</param>
    /// <param name="lineLimitBytes">The longest report.</param>
    /// <param name="time">The clock of the drain's limit.</param>
    /// <param name="see">Gets all bytes as they come, before anything is made of them; null: nobody does.</param>
    public OutputReader(int file, bool mayReport, TrialLog? log, int lineLimitBytes, TimeProvider time, Action<ReadOnlySpan<byte>>? see = null)
    {
        _time = time;
        _log = log;
        _see = see;
        _lines = new LineSplitter(lineLimitBytes);
        _mayReport = mayReport;
        _file = file;
        Posix.DoNotBlock(file);
        _pipe = new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(file, ownsHandle: true));
    }

    /// <summary>The last line that was neither empty nor a report, shortened and without control characters; empty if there was
    /// none.</summary>
    public string LastLine => Plain(Encoding.UTF8.GetString(_last, 0, _lastLength));

    /// <summary>Reads until the last writer has closed the pipe, or <see cref="EndSoon"/>.</summary>
    /// <param name="take">Gets the reports. While it waits nothing more is read, and the program waits at its full pipe.</param>
    public async Task ReadAsync(Func<Report, ValueTask> take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var read = 0;
            while ((read = await ReadSomeAsync(buffer)) > 0)
            {
                await HandleAsync(buffer.AsMemory(0, read), take);
            }

            // Somebody still holds the pipe: what it has in it now is all that is taken.
            for (var left = LeftoverBytes; read < 0 && left > 0; left -= ChunkBytes)
            {
                var rest = Posix.Read(_file, buffer);
                if (rest <= 0)
                {
                    break;
                }

                await HandleAsync(buffer.AsMemory(0, rest), take);
            }

            _lines.End(Line);
            await PassOnAsync(take);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>No process of the trial lives: whoever else holds the pipe is not waited for much longer.</summary>
    public void EndSoon()
    {
        _limit = new CancellationTokenSource(DrainLimit, _time);
        _limitReached = _limit.Token.Register(_over.Cancel);
    }

    public void Dispose()
    {
        _limitReached.Dispose();
        _limit?.Dispose();
        _over.Dispose();
        _pipe.Dispose();
    }

    // 0 at the end, -1 when there is no more time.
    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer)
    {
        try
        {
            return await _pipe.ReadAsync(buffer, _over.Token);
        }
        catch (OperationCanceledException)
        {
            return -1;
        }
    }

    private ValueTask HandleAsync(ReadOnlyMemory<byte> bytes, Func<Report, ValueTask> take)
    {
        _see?.Invoke(bytes.Span);
        _lines.Add(bytes.Span, Line);
        return PassOnAsync(take);
    }

    private async ValueTask PassOnAsync(Func<Report, ValueTask> take)
    {
        _log?.Write(_text.WrittenSpan);
        _text.ResetWrittenCount();
        foreach (var report in _reports)
        {
            await take(report);
        }

        _reports.Clear();
    }

    private void Line(ReadOnlySpan<byte> text, bool isLine)
    {
        if (isLine && _mayReport && ReportParser.MayBeReport(text))
        {
            var report = ReportParser.Parse(text, out var problem);
            if (report is not null)
            {
                _reports.Add(report);
                if (!report.Ignored)
                {
                    return;
                }
            }
            else if (problem is not null)
            {
                _text.Write(text);
                _text.Write(Encoding.UTF8.GetBytes($"{(text[^1] == (byte)'\n' ? "" : "\n")}hone: not taken as a report: {problem}\n"));
                return;
            }
        }

        _text.Write(text);
        if (isLine)
        {
            Remember(text);
        }
    }

    // Keeps the last of the lines. The text is made only when somebody asks for it.
    private void Remember(ReadOnlySpan<byte> lines)
    {
        var text = lines.TrimEnd(" \t\r\n"u8);
        text = text[(text.LastIndexOf((byte)'\n') + 1)..].TrimStart(" \t\r"u8);
        if (text.IsEmpty)
        {
            return;
        }

        _lastLength = Math.Min(text.Length, LastLineBytes);
        text[.._lastLength].CopyTo(_last);
    }

    // Without colours (ESC [ … letter) and other control characters.
    private static string Plain(string line)
    {
        var plain = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\u001b' && i + 1 < line.Length && line[i + 1] == '[')
            {
                for (i += 2; i < line.Length && !char.IsAsciiLetter(line[i]); i++)
                {
                }
            }
            else if (!char.IsControl(line[i]))
            {
                plain.Append(line[i]);
            }
        }

        return plain.ToString();
    }
}
