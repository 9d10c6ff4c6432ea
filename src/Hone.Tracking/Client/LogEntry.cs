namespace Hone.Tracking.Client;

/// <summary>Something that a program logged to its run.</summary>
/// <param name="Kind">What it is: a metric, a parameter, a tag, a file, or the run's end.</param>
/// <param name="Key">Its name; of a file its path among the run's files; of an end the status.</param>
/// <param name="Text">Its value; of a file the name of the copy.</param>
/// <param name="Value">A metric's value.</param>
/// <param name="Timestamp">When, in milliseconds since 1970 in UTC: of a metric or an end.</param>
/// <param name="Step">A metric's step.</param>
internal readonly record struct LogEntry(LineKind Kind, string Key, string? Text, double Value, long Timestamp, long Step)
{
    public static LogEntry Metric(string key, double value, long timestamp, long step) => new(LineKind.Metric, key, null, value, timestamp, step);

    public static LogEntry Parameter(string key, string value) => new(LineKind.Parameter, key, value, 0, 0, 0);

    public static LogEntry Tag(string key, string value) => new(LineKind.Tag, key, value, 0, 0, 0);

    public static LogEntry File(string path, string copy) => new(LineKind.File, path, copy, 0, 0, 0);

    public static LogEntry End(string status, long timestamp) => new(LineKind.End, status, null, 0, timestamp, 0);
}
