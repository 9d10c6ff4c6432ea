using System.Collections;
using Hone.Tracking.Client;

namespace Hone.Cli.Commands.Runs;

/// <summary>The environment of a tracked command: this process's own, and where the command finds its run.</summary>
internal static class ChildVariables
{
    /// <summary>All variables, as <c>NAME=value</c>.</summary>
    /// <param name="run">The run; what the command logs by itself goes to it, once the server has said its id.</param>
    /// <param name="server">The server's address as it was given, credentials included.</param>
    public static string[] Of(HoneRun run, string server)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        // Without it Python keeps what it prints to a pipe until it has 8 KB of it.
        variables.TryAdd("PYTHONUNBUFFERED", "1");
        if (run.RunId is { } id)
        {
            variables["MLFLOW_TRACKING_URI"] = server.TrimEnd('/');
            variables["MLFLOW_RUN_ID"] = id;
            variables["MLFLOW_EXPERIMENT_ID"] = run.ExperimentId!;
            variables.Remove("MLFLOW_EXPERIMENT_NAME");
            if (run.Server.IsLoopback)
            {
                ReachDirectly(variables, "http_proxy", "no_proxy", run.Server.Host);
                ReachDirectly(variables, "HTTP_PROXY", "NO_PROXY", run.Server.Host);
            }
        }

        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    private static void ReachDirectly(Dictionary<string, string> variables, string proxy, string exceptions, string host)
    {
        if (variables.ContainsKey(proxy))
        {
            variables[exceptions] = variables.TryGetValue(exceptions, out var others) ? $"{others},{host}" : host;
        }
    }
}
