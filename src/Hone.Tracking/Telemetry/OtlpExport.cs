using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hone.Tracking.Telemetry;

/// <summary>Sends spans and metrics to a collector by OTLP.</summary>
/// <remarks>Nothing of OpenTelemetry is loaded unless this is used: it takes a while, and a server is to be there at once.</remarks>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>The variable of OpenTelemetry's own that says where to send.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private OtlpExport(TracerProvider traces, MeterProvider metrics)
    {
        _traces = traces;
        _metrics = metrics;
    }

    /// <summary>Begins to send.</summary>
    /// <param name="collector">The collector's address, to which OTLP is sent over HTTP; null: as OpenTelemetry's own variables say.</param>
    /// <param name="interval">How often; null: as OpenTelemetry has it, spans every 5 s and metrics every minute.</param>
    public static OtlpExport Start(Uri? collector, TimeSpan? interval)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("hone-server", serviceVersion: Version()).AddEnvironmentVariableDetector();
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ServerMeter.Name)
            .AddOtlpExporter(options =>
            {
                Aim(options, collector, "v1/traces");
                options.BatchExportProcessorOptions.ScheduledDelayMilliseconds =
                    (int?)interval?.TotalMilliseconds ?? options.BatchExportProcessorOptions.ScheduledDelayMilliseconds;
            }).Build();
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(ServerMeter.Name).AddMeter("System.Runtime")
            .AddOtlpExporter((options, reader) =>
            {
                Aim(options, collector, "v1/metrics");
                if (interval is { } often)
                {
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)often.TotalMilliseconds;
                }
            }).Build();
        return new OtlpExport(traces, metrics);
    }

    /// <summary>Sends what was not sent yet, as far as the collector takes it within some seconds.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Aim(OtlpExporterOptions options, Uri? collector, string path)
    {
        if (collector is not null)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
        }
    }

    private static string Version() => typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
