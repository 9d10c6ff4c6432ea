using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;
using Microsoft.Extensions.Logging;

namespace Hone.Tracking.Access;

/// <summary>A file to which a line of JSON is added for everything that changes who may do what, for deletions and for refusals.</summary>
/// <remarks>
/// The file is opened for each line, so that several programs may write it and others may move it away. One that has grown to its limit is
/// renamed after the time, and never removed. Nothing of what users prove themselves by is ever in it.
/// </remarks>
public sealed class AuditLog
{
    /// <summary>64 MiB: some 300,000 lines.</summary>
    public const long UsualLimitBytes = 64 << 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Some seconds: another program has the file for as long as a line takes to be written, and perhaps flushed.
    private const int MostWaits = 3_000;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly long _limitBytes;
    private readonly ILogger? _log;
    private readonly object _gate = new();

    /// <param name="path">The file; it is made at the first line.</param>
    /// <param name="time">The clock for the lines' times.</param>
    /// <param name="limitBytes">The size at which the file is renamed; at least 1.</param>
    /// <param name="log">Is told when a line cannot be written; null: nobody is.</param>
    public AuditLog(string path, TimeProvider time, long limitBytes = UsualLimitBytes, ILogger? log = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, 1);
        _path = Path.GetFullPath(path);
        _time = time;
        _limitBytes = limitBytes;
        _log = log;
    }

    /// <summary>The file beside a store where the lines go unless another one is named.</summary>
    public static string Beside(string store) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(StudyStore.LocalPath(store)))!, "audit.jsonl");

    /// <summary>Adds a line; a failure to do so is told, and does not undo what was done.</summary>
    /// <param name="entry">What was done or refused.</param>
    /// <param name="isLasting">Whether to wait until the line is on the disk.</param>
    public void Write(AuditEntry entry, bool isLasting)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var line = Line(entry);
        try
        {
            lock (_gate)
            {
                Add(line, isLasting);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log?.AuditFailed(failure, _path);
        }
    }

    private void Add(byte[] line, bool isLasting)
    {
        Rotate();
        using var file = OpenAlone();
        file.Write(line);
        file.Flush(isLasting);
    }

    // The end of a file is where it was when the file was opened, so that two programs that write at once would write over each other.
    private FileStream OpenAlone()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var wait = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(_path, options);
            }
            catch (IOException taken) when (taken.GetType() == typeof(IOException) && wait.Count < MostWaits)
            {
                wait.SpinOnce();
            }
        }
    }

    private void Rotate()
    {
        if (new FileInfo(_path) is not { Exists: true, Length: var length } || length < _limitBytes)
        {
            return;
        }

        // Two programs may do so in the same instant: no two take the same name.
        var time = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var name = $"{Path.ChangeExtension(_path, null)}.{time}-{Guid.NewGuid():n}{Path.GetExtension(_path)}";
        try
        {
            File.Move(_path, name);
        }
        catch (IOException)
        {
            // Another program has just done it, or nobody can: then the file grows on, which is better than a line that is lost.
        }
    }

    private byte[] Line(AuditEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().UtcDateTime);
            json.WriteString("user", entry.User);
            json.WriteString("address", entry.Address);
            json.WriteString("action", entry.Action);
            json.WriteString("object", entry.Object);
            json.WriteString("outcome", entry.Outcome);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
