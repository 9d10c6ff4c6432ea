using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hone.Sampling;
using Hone.Trials;

namespace Hone.Benchmarks.Sampling;

/// <summary>Regret of TPE, random search and Optuna's TPE on closed-form problems: 100 trials, 20 seeds, medians.</summary>
internal static class TpeQuality
{
    /// <param name="args">Optionally the number of seeds, <c>hone</c> to leave Optuna out, and names of problems (otherwise all).</param>
    public static async Task RunAsync(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var problems = Problem.All.Where(p => args.Contains(p.Name)).ToList();
        problems = problems.Count > 0 ? problems : [.. Problem.All];
        var optuna = args.Contains("hone") ? [] : await OptunaAsync(100, seeds, problems);
        Console.WriteLine($"Median regret after 100 trials, {seeds} seeds (in brackets: the quartiles)");
        Console.WriteLine($"{"problem",-18} {"random",-26} {"hone univariate",-26} {"hone multivariate",-26} {"optuna multivariate",-26} {"optuna group",-26} best");
        foreach (var problem in problems)
        {
            var columns = new List<(string Name, double[]? Regrets)>
            {
                ("random", Regrets(problem, seeds, new RandomOptions())),
                ("hone univariate", Regrets(problem, seeds, new TpeOptions { Multivariate = false })),
                ("hone", Regrets(problem, seeds, new TpeOptions())),
                ("optuna", optuna.GetValueOrDefault((problem.Name, "multivariate"))),
                ("optuna group", optuna.GetValueOrDefault((problem.Name, "group"))),
            };
            var best = columns.Where(c => c.Regrets is not null).MinBy(c => Quantile(c.Regrets!, 0.5)).Name;
            Console.WriteLine($"{problem.Name,-18} {string.Join(' ', columns.Select(c => $"{Show(c.Regrets),-26}"))} {best}");
        }
    }

    private static double[] Regrets(Problem problem, int seeds, SamplerOptions options) =>
        [.. Enumerable.Range(1, seeds).Select(seed => problem.Regret(options.Create(problem.Space, [new Objective("f")], (ulong)seed), 100, seed)).Order()];

    private static async Task<Dictionary<(string, string), double[]>> OptunaAsync(int trials, int seeds, List<Problem> problems)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "python", "optuna_quality.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, $"{trials}", $"{seeds}", .. problems.Select(p => p.Name)]) { RedirectStandardOutput = true })!;
        var results = new Dictionary<(string, string), double[]>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            var regrets = entry.GetProperty("regrets").EnumerateArray().Select(e => e.GetDouble()).Order().ToArray();
            results.Add((entry.GetProperty("problem").GetString()!, entry.GetProperty("sampler").GetString()!), regrets);
        }

        await process.WaitForExitAsync();
        return results;
    }

    private static string Show(double[]? r) => r is null ? "-" : string.Create(
        CultureInfo.InvariantCulture, $"{Quantile(r, 0.5):G3} [{Quantile(r, 0.25):G3}, {Quantile(r, 0.75):G3}]");

    private static double Quantile(double[] sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var low = (int)at;
        return sorted[low] + ((at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]));
    }
}
