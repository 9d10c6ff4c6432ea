using System.Text.Json;

namespace Hone.Tracking.Tests.Rest;

/// <summary>Short ways into answers.</summary>
internal static class Json
{
    /// <summary>The element at a path of names and indexes, e.g. <c>run.data.metrics.0.value</c>.</summary>
    public static JsonElement At(this JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            element = int.TryParse(name, out var index) ? element[index] : element.GetProperty(name);
        }

        return element;
    }

    /// <summary>The text at a path.</summary>
    public static string? Text(this JsonElement element, string path) => element.At(path).GetString();

    /// <summary>Whether an object has a field.</summary>
    public static bool Has(this JsonElement element, string name) => element.TryGetProperty(name, out _);

    /// <summary>Makes a run and returns its id.</summary>
    public static async Task<string> NewRunAsync(this RestServer server, string experiment = "0", string? name = null, long start = 1_700_000_000_000) =>
        (await server.PostAsync("runs/create", new { experiment_id = experiment, run_name = name, start_time = start })).Text("run.info.run_id")!;

    /// <summary>Makes an experiment and returns its id.</summary>
    public static async Task<string> NewExperimentAsync(this RestServer server, string name) =>
        (await server.PostAsync("experiments/create", new { name })).Text("experiment_id")!;

    /// <summary>Logs one value.</summary>
    public static Task LogAsync(this RestServer server, string run, string key, object value, long step = 0, long at = 1_700_000_000_000) =>
        server.PostAsync("runs/log-metric", new { run_id = run, key, value, timestamp = at, step });

    /// <summary>The run as it is read.</summary>
    public static async Task<JsonElement> RunAsync(this RestServer server, string run) => (await server.GetAsync($"runs/get?run_id={run}")).At("run");

    /// <summary>Lists of keys and values as one text.</summary>
    public static string Pairs(this JsonElement list) =>
        string.Join(' ', list.EnumerateArray().Select(pair => $"{pair.Text("key")}={pair.At("value")}"));
}
