using Hone.Benchmarks;

// One benchmark a claim: dotnet run -c Release --project bench/Hone.Benchmarks -- NAME
var benchmarks = new SortedDictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["ablation"] = AblationBenchmark.RunAsync,
    ["analysis"] = AnalysisBenchmark.RunAsync,
    ["async"] = AsynchronyBenchmark.RunAsync,
    ["client"] = ClientBenchmark.RunAsync,
    ["grid"] = GridBenchmark.RunAsync,
    ["learning"] = LearningBenchmark.RunAsync,
    ["loading"] = LoadingBenchmark.RunAsync,
    ["loop"] = LoopBenchmark.RunAsync,
    ["networks"] = NetworksBenchmark.RunAsync,
    ["server"] = ServerBenchmark.RunAsync,
    ["pipelines"] = PipelinesBenchmark.RunAsync,
    ["spawn"] = SpawnBenchmark.RunAsync,
    ["tpe"] = Hone.Benchmarks.Sampling.TpeSpeed.RunAsync,
    ["tpe-quality"] = Hone.Benchmarks.Sampling.TpeQuality.RunAsync,
    ["maggy"] = MaggyBenchmark.RunAsync,
    ["metrics"] = Hone.Benchmarks.MetricsBenchmark.RunAsync,
    ["metrics-gpus"] = Hone.Benchmarks.MetricsBenchmark.GpusAsync,
    ["metrics-watch"] = Hone.Benchmarks.MetricsBenchmark.WatchAsync,
    ["store"] = StoreBenchmark.RunAsync,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"Name a benchmark: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

await benchmark(args[1..]);
return 0;
