using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Ablation;
using Hone.Space;
using Hone.Tuning;

namespace Hone.Workers.Processes;

/// <summary>The environment variables that a trial's processes see.</summary>
internal sealed class TrialEnvironment
{
    /// <summary>
    /// Marks the processes of an attempt. A tuner that itself runs in a trial hands the outer marks on, so that the outer tuner finds the
    /// inner one's processes too.
    /// </summary>
    public const string Mark = "HONE_MARK";

    private static readonly string[] ThreadCounts =
    [
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
        "RAYON_NUM_THREADS", "JULIA_NUM_THREADS", "NUMBA_NUM_THREADS", "DOTNET_PROCESSOR_COUNT",
    ];

    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly string _outerMark;

    public TrialEnvironment(ProcessPoolOptions options)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            // The parameters of an outer tuner's trial are none of ours; its other variables are overwritten below.
            if (!((string)variable.Key).StartsWith(CommandTemplate.VariablePrefix, StringComparison.Ordinal))
            {
                _shared[(string)variable.Key] = (string?)variable.Value ?? "";
            }
        }

        // Without it Python keeps what it prints to a pipe until it has 8 KB of it, and the tuner hears of a step long after.
        _shared["PYTHONUNBUFFERED"] = "1";
        ReachLoopback("http_proxy", "no_proxy");
        ReachLoopback("HTTP_PROXY", "NO_PROXY");
        foreach (var name in options.CoresEach is null ? [] : ThreadCounts)
        {
            _shared[name] = options.CoresEach!.Value.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in options.Environment)
        {
            _shared[name] = value;
        }

        _outerMark = Environment.GetEnvironmentVariable(Mark) is { Length: > 0 } outer ? outer + ":" : "";
    }

    /// <summary>The variables of one attempt, as <c>NAME=value</c>.</summary>
    public string[] For(
        TrialOrder order, TrialDirectory directory, string mark, Uri reports, IEnumerable<KeyValuePair<string, string>> service)
    {
        var variables = new Dictionary<string, string>(_shared, StringComparer.Ordinal)
        {
            ["HONE_STUDY"] = order.Study,
            ["HONE_TRIAL"] = order.Trial.ToString(CultureInfo.InvariantCulture),
            ["HONE_SEED"] = order.Seed.ToString(CultureInfo.InvariantCulture),
            ["HONE_PARAMETERS"] = Json(order.Configuration),
            ["HONE_CHECKPOINT_DIR"] = directory.Checkpoints,
            ["HONE_ARTIFACT_DIR"] = directory.Artifacts,
            ["HONE_REPORT_URL"] = reports.AbsoluteUri,
            [Mark] = _outerMark + mark,
        };
        foreach (var (name, value) in service)
        {
            variables[name] = value;
        }

        foreach (var (name, value) in order.Configuration.Values)
        {
            variables[CommandTemplate.VariableOf(name)] = value.ToString();
        }

        Pair(order.Configuration, variables);
        return [.. variables.Select(v => $"{v.Key}={v.Value}")];
    }

    // The trials of an ablation that are compared have one seed, and know what they are to do without.
    private static void Pair(Configuration configuration, Dictionary<string, string> variables)
    {
        variables.Remove("HONE_ABLATED");
        if (configuration.TryGet(AblationPlan.Ablated, out var ablated) && configuration.TryGet(AblationPlan.Seed, out var seed))
        {
            variables["HONE_ABLATED"] = ablated.ToString();
            variables["HONE_SEED"] = seed.ToString();
        }
    }

    // Reports go to this machine and to no proxy.
    private void ReachLoopback(string proxy, string exceptions)
    {
        if (_shared.ContainsKey(proxy))
        {
            _shared[exceptions] = _shared.TryGetValue(exceptions, out var others) ? others + ",127.0.0.1" : "127.0.0.1";
        }
    }

    /// <summary>The configuration as a JSON object. A float keeps its point, so that 1.0 is not read as a whole number.</summary>
    public static string Json(Configuration configuration)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            foreach (var (name, value) in configuration.Values)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ParameterValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Text:
                json.WriteStringValue(value.ToString());
                break;
            case ValueKind.Boolean:
                json.WriteBooleanValue(value.Number != 0);
                break;
            case ValueKind.Integer:
                json.WriteNumberValue((long)value.Number);
                break;
            default:
                var digits = value.ToString();
                json.WriteRawValue(digits.AsSpan().ContainsAny('.', 'E') ? digits : digits + ".0");
                break;
        }
    }
}
