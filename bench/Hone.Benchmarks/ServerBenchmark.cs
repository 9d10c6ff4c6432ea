using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Hone.Benchmarks;

/// <summary>What <c>hone server</c> takes over HTTP: a process of its own, on the other side of keep-alive connections of this machine.</summary>
internal static class ServerBenchmark
{
    private const int Seconds = 4;
    private static int _tag;

    /// <param name="arguments">
    /// The program <c>hone</c>; then, if wanted, the folder for the store, on the disk that is to be measured, or the address of an empty
    /// PostgreSQL database; and the runs to search among.
    /// </param>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("Name the program: dotnet run -c Release --project bench/Hone.Benchmarks -- server artifacts/bin/Hone.Cli/release/hone [FOLDER|postgres://… [RUNS]]");
            return;
        }

        var place = arguments.Length > 1 ? arguments[1] : Path.GetTempPath();
        var isAddress = place.Contains("://", StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(Path.Combine(isAddress ? Path.GetTempPath() : place, $"hone-server-{Environment.ProcessId}")).FullName;
        int[] sizes = arguments.Length > 2 ? [.. arguments[2..].Select(size => int.Parse(size, CultureInfo.InvariantCulture))] : [10_000, 100_000];
        var clock = Stopwatch.StartNew();
        using var server = Start(arguments[0], folder, isAddress ? place : Path.Combine(folder, "hone.db"), out var address);
        try
        {
            using (var probe = new ServerConnection(address))
            {
                await probe.SendAsync(probe.Request("GET", "/health", ""));
            }

            Say("ready on a new store", $"{clock.Elapsed.TotalMilliseconds:0} ms after the start of the process");
            await LogAsync(address, server);
            foreach (var size in sizes)
            {
                await SearchAsync(address, size);
            }

            await HistoryAsync(address, 1_000_000);
            server.Refresh();
            Say("memory of the server after all of it", $"{server.WorkingSet64 / 1e6:0} MB, at most {server.PeakWorkingSet64 / 1e6:0} MB");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static Process Start(string program, string folder, string store, out IPEndPoint address)
    {
        string[] words = ["server", "--port", "0", "--store", store, "--artifacts", Path.Combine(folder, "artifacts")];
        var start = new ProcessStartInfo(program, words) { RedirectStandardError = true };
        var server = Process.Start(start)!;
        while (server.StandardError.ReadLine() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
            {
                address = IPEndPoint.Parse(line[(at + 7)..].Split(' ')[0]);
                _ = server.StandardError.ReadToEndAsync();
                return server;
            }
        }

        throw new InvalidOperationException("The server did not start.");
    }

    private static async Task LogAsync(IPEndPoint address, Process server)
    {
        var run = await NewRunAsync(address, "log");
        foreach (var connections in new[] { 1, 8 })
        {
            await RateAsync(address, server, "runs/create", connections, 1, (connection, _) => connection.Request(
                "POST", "/api/2.0/mlflow/runs/create", """{"experiment_id":"0","start_time":1700000000000,"user_id":"me","tags":[{"key":"mlflow.user","value":"me"},{"key":"mlflow.source.name","value":"train.py"}]}"""));
            await RateAsync(address, server, "log-metric", connections, 1, (connection, i) => connection.Request(
                "POST", "/api/2.0/mlflow/runs/log-metric", $$"""{"run_id":"{{run}}","run_uuid":"{{run}}","key":"loss","value":0.{{i}},"timestamp":{{1_700_000_000_000 + Interlocked.Increment(ref _tag)}},"step":{{i}}}"""));
            await RateAsync(address, server, "log-batch of 1,000", connections, 1_000, (connection, i) => connection.Request(
                "POST", "/api/2.0/mlflow/runs/log-batch", Batch(run, Interlocked.Increment(ref _tag) * 100L, 1_000)));
        }
    }

    private static string Batch(string run, long first, int metrics)
    {
        var body = new StringBuilder($$"""{"run_id":"{{run}}","metrics":[""");
        for (var i = 0; i < metrics; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $$"""{{(i == 0 ? "" : ",")}}{"key":"metric_{{i % 10}}","value":0.{{i}}25,"timestamp":{{1_700_000_000_000 + first + (i / 10)}},"step":{{first + (i / 10)}}}""");
        }

        return body.Append("]}").ToString();
    }

    private static async Task RateAsync(
        IPEndPoint address, Process server, string what, int connections, int each, Func<ServerConnection, int, byte[]> request)
    {
        server.Refresh();
        var cpu = server.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(async () =>
        {
            using var connection = new ServerConnection(address);

            // Bodies of batches take longer to make than to answer: some are made before, with times and steps of their own.
            var made = each > 1 ? Enumerable.Range(0, 200).Select(i => request(connection, i)).ToArray() : null;
            for (var i = 0; clock.Elapsed.TotalSeconds < Seconds && (made is null || i < made.Length); i++)
            {
                await connection.SendAsync(made is null ? request(connection, i) : made[i]);
                Interlocked.Increment(ref done);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        server.Refresh();
        Say(
            $"{what}, {connections} connections",
            $"{(long)done * each / seconds:N0}/s; {(server.TotalProcessorTime - cpu).TotalMicroseconds / done:0} us of CPU a request");
    }

    private static async Task SearchAsync(IPEndPoint address, int runs)
    {
        using var connection = new ServerConnection(address);
        var made = JsonDocument.Parse(await connection.SendAsync(connection.Request("POST", "/api/2.0/mlflow/experiments/create", $$"""{"name":"search {{runs}}"}""")));
        var experiment = made.RootElement.GetProperty("experiment_id").GetString();
        await FillAsync(address, experiment!, runs);
        string[][] questions =
        [
            ["metrics.loss < 0.5 and params.model = 'm1'", "metrics.loss ASC"],
            ["metrics.loss < 0.01", "attributes.start_time DESC"],
            ["params.model = 'm1'", "attributes.start_time DESC"],
            ["tags.team = 'none' and params.model = 'm1'", "metrics.loss DESC"],
            ["", ""],
            ["attributes.status = 'RUNNING'", "params.learning_rate ASC"],
        ];
        foreach (var question in questions)
        {
            var body = $$"""{"experiment_ids":["{{experiment}}"],"filter":"{{question[0]}}","max_results":100{{(question[1].Length > 0 ? $$""","order_by":["{{question[1]}}"]""" : "")}}}""";
            var request = connection.Request("POST", "/api/2.0/mlflow/runs/search", body);
            var times = new List<double>();
            for (var i = 0; i < 100; i++)
            {
                var clock = Stopwatch.StartNew();
                await connection.SendAsync(request);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }

            times.Sort();
            Say($"search of {runs:N0} runs for 100: \"{question[0]}\" by {question[1]}", $"median {times[50]:0.0} ms, p99 {times[98]:0.0} ms");
        }
    }

    private static async Task FillAsync(IPEndPoint address, string experiment, int runs)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            using var connection = new ServerConnection(address);
            while (Interlocked.Increment(ref next) is var i && i <= runs)
            {
                var made = JsonDocument.Parse(await connection.SendAsync(connection.Request(
                    "POST", "/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"{{experiment}}","start_time":{{1_700_000_000_000 + i}}}""")));
                var run = made.RootElement.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString();
                var loss = (i * 7919L % runs / (double)runs).ToString(CultureInfo.InvariantCulture);
                await connection.SendAsync(connection.Request(
                    "POST",
                    "/api/2.0/mlflow/runs/log-batch",
                    $$"""{"run_id":"{{run}}","metrics":[{"key":"loss","value":{{loss}},"timestamp":{{1_700_000_000_000 + i}},"step":1},{"key":"accuracy","value":0.{{i}},"timestamp":{{1_700_000_000_000 + i}},"step":1}],"params":[{"key":"model","value":"m{{i % 4}}"},{"key":"learning_rate","value":"0.{{i % 100}}"}],"tags":[{"key":"team","value":"t{{i % 3}}"}]}"""));
            }
        })));
    }

    private static async Task HistoryAsync(IPEndPoint address, int points)
    {
        var run = await NewRunAsync(address, "history");
        using var connection = new ServerConnection(address);
        for (var i = 0; i < points / 1000; i++)
        {
            var body = new StringBuilder($$"""{"run_id":"{{run}}","metrics":[""");
            for (var j = 0; j < 1000; j++)
            {
                body.Append(CultureInfo.InvariantCulture, $$"""{{(j == 0 ? "" : ",")}}{"key":"loss","value":0.{{j}},"timestamp":{{1_700_000_000_000 + (i * 1000) + j}},"step":{{(i * 1000) + j}}}""");
            }

            await connection.SendAsync(connection.Request("POST", "/api/2.0/mlflow/runs/log-batch", body.Append("]}").ToString()));
        }

        var clock = Stopwatch.StartNew();
        var token = "";
        var pages = 0;
        do
        {
            var page = await connection.SendAsync(connection.Request(
                "GET", $"/api/2.0/mlflow/metrics/get-history?run_id={run}&run_uuid={run}&metric_key=loss&max_results=25000{(token.Length > 0 ? $"&page_token={token}" : "")}", ""));
            var tail = Encoding.UTF8.GetString(page.AsSpan(Math.Max(0, page.Length - 300)));
            var at = tail.IndexOf("next_page_token\":\"", StringComparison.Ordinal);
            token = at < 0 ? "" : tail[(at + 18)..].Split('"')[0];
            pages++;
        }
        while (token.Length > 0);
        Say($"history of {points:N0} points in {pages} pages", $"{points / clock.Elapsed.TotalSeconds:N0} points/s");
        clock.Restart();
        await connection.SendAsync(connection.Request("GET", $"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss", ""));
        Say($"history of {points:N0} points as a whole", $"{points / clock.Elapsed.TotalSeconds:N0} points/s");
    }

    private static async Task<string> NewRunAsync(IPEndPoint address, string name)
    {
        using var connection = new ServerConnection(address);
        var made = JsonDocument.Parse(await connection.SendAsync(connection.Request(
            "POST", "/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"0","run_name":"{{name}}"}""")));
        return made.RootElement.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private static void Say(string what, string figure) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-80} {figure}"));
}
