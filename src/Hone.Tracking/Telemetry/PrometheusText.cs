using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hone.Tracking.Telemetry;

/// <summary>What a server measures, as Prometheus reads it: the text format 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The format's own name, which an answer has to say.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Everything that is measured, as it is now.</summary>
    public static string Of(ServerMeter meter)
    {
        var text = new StringBuilder(16 << 10);
        var routes = meter.Routes.Where(route => route.Statuses.Any()).ToList();
        Head(text, "hone_http_requests_total", "counter", "Requests that were answered.");
        foreach (var route in routes)
        {
            foreach (var (status, count) in route.Statuses)
            {
                Line(text, "hone_http_requests_total", string.Create(CultureInfo.InvariantCulture, $"{Labels(route)},status=\"{status}\""), count);
            }
        }

        Head(text, "hone_http_request_duration_seconds", "histogram", "How long requests took.");
        routes.ForEach(route => Histogram(text, "hone_http_request_duration_seconds", Labels(route), route.Durations));
        Single(text, "hone_http_requests_in_flight", "gauge", "Requests that are being answered.", meter.InFlight);
        Single(text, "hone_http_request_bytes_total", "counter", "Bytes of requests that said their length.", meter.ReceivedBytes);
        Single(text, "hone_http_response_bytes_total", "counter", "Bytes of answers that said their length.", meter.SentBytes);
        Head(text, "hone_commit_changes", "histogram", "Changes that shared a flush to the disk.");
        Histogram(text, "hone_commit_changes", "", meter.CommitChanges);
        Head(text, "hone_commit_duration_seconds", "histogram", "How long a group of changes took, with its flush.");
        Histogram(text, "hone_commit_duration_seconds", "", meter.CommitSeconds);
        if (meter.StoreBytes is { } bytes)
        {
            Single(text, "hone_store_bytes", "gauge", "Size of the store's file with its log.", bytes);
        }

        AddProcess(text);
        return text.ToString();
    }

    private static void AddProcess(StringBuilder text)
    {
        using var process = Process.GetCurrentProcess();
        Single(text, "process_cpu_seconds_total", "counter", "CPU time of the server.", process.TotalProcessorTime.TotalSeconds);
        Single(text, "process_resident_memory_bytes", "gauge", "Memory of the server.", process.WorkingSet64);
        Single(text, "process_start_time_seconds", "gauge", "When the server began, in seconds since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        Single(text, "process_threads", "gauge", "Threads of the server.", process.Threads.Count);
        Single(text, "hone_heap_bytes", "gauge", "Memory that the garbage collector manages.", GC.GetTotalMemory(forceFullCollection: false));
    }

    private static void Histogram(StringBuilder text, string name, string labels, Distribution values)
    {
        var counts = values.Cumulated();
        var before = labels.Length == 0 ? "" : labels + ",";
        for (var i = 0; i < counts.Length; i++)
        {
            var bound = i < values.Bounds.Count ? values.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Line(text, name + "_bucket", $"{before}le=\"{bound}\"", counts[i]);
        }

        Line(text, name + "_sum", labels, values.Sum);
        Line(text, name + "_count", labels, counts[^1]);
    }

    private static void Single(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        Line(text, name, "", value);
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");

    // Routes are texts of the program: nothing in them needs escaping.
    private static string Labels(RouteMeter route) => $"method=\"{route.Method}\",route=\"{route.Route}\"";
}
