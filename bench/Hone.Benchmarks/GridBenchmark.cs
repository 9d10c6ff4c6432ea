using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hone.Learning.Data;
using Hone.Learning.Descent;

namespace Hone.Benchmarks;

/// <summary>
/// The best score of each learner on each data set beside that of another implementation over the same grid: scikit-learn 1.2.1 for per-row
/// updates and NumPy for mini-batches. Arguments: a KDD Cup table (<c>kddcup.tsv.gz</c>); sets that are not there are left out.
/// </summary>
internal static class GridBenchmark
{
    private static readonly double[] FourRates = [0.1, 0.01, 0.001, 0.0001];
    private static readonly double[] ThreeRates = [0.1, 0.01, 0.001];
    private static readonly double[] FourAlphas = [0.0001, 0.001, 0.01, 0.1];
    private static readonly double[] ThreeAlphas = [0.0001, 0.001, 0.01];
    private static readonly double[] TwoAlphas = [0.0001, 0.01];

    public static async Task RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("hone-grid").FullName;
        try
        {
            var standIn = Path.Combine(folder, "pbc_standin.tsv.gz");
            using (var writer = new StreamWriter(new GZipStream(File.Create(standIn), CompressionLevel.Fastest), new UTF8Encoding(false), 1 << 16))
            {
                PbcStandIn.Write(1_000_000, writer);
            }

            Console.WriteLine("| data | learner | update | Hone, folds | reference, folds | difference | Hone, test | reference, test | difference |");
            Console.WriteLine("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var grid in Cases(standIn, args.Length > 0 ? args[0] : null))
            {
                await CompareAsync(grid, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<GridCase> Cases(string standIn, string? kddCup) =>
    [
        // Known scores are those of the grid's best point by the folds, as the reference implementation has them.
        new("diabetes", TrainingLoss.Log, FourRates, FourAlphas) { Known = new(0.1, 0.01, 0.77099, 0.761905) },
        new("diabetes", TrainingLoss.Log, FourRates, FourAlphas) { Update = Update.PerRow, Known = new(0.01, 0.01, 0.77473, 0.766234) },
        new("diabetes", TrainingLoss.Hinge, FourRates, FourAlphas) { Known = new(0.1, 0.0001, 0.76914, 0.753247) },
        new("diabetes", TrainingLoss.Hinge, FourRates, FourAlphas) { Update = Update.PerRow, Known = new(0.01, 0.0001, 0.7729, 0.757576) },
        new("diabetes", TrainingLoss.CrossEntropy, ThreeRates, TwoAlphas) { Hidden = 16 },
        new("pollen", TrainingLoss.Squared, FourRates, ThreeAlphas) { Known = new(0.1, 0.001, 1.4426, 1.46661) },
        new("pollen", TrainingLoss.Squared, FourRates, ThreeAlphas) { Update = Update.PerRow, Known = new(0.001, 0.0001, 1.4297, 1.43943) },
        new("pollen", TrainingLoss.Squared, ThreeRates, TwoAlphas) { Hidden = 16 },
        new("pbc", TrainingLoss.Squared, ThreeRates, TwoAlphas),
        new(standIn, TrainingLoss.Squared, ThreeRates, [0.0001]) { Batch = 256, Epochs = 1, Folds = 1 },
        .. Images("fashion_mnist"),
        .. Images("mnist"),
        .. kddCup is null ? Array.Empty<GridCase>() :
        [
            new(kddCup, TrainingLoss.CrossEntropy, ThreeRates, [0.0001]) { Batch = 256, Epochs = 1, Folds = 1 },
            new(kddCup, TrainingLoss.Hinge, ThreeRates, [0.0001]) { Batch = 256, Epochs = 1, Folds = 1 },
            new(kddCup, TrainingLoss.CrossEntropy, ThreeRates, [0.0001]) { Hidden = 16, Batch = 256, Epochs = 1, Folds = 1 },
        ],
    ];

    private static GridCase[] Images(string data)
    {
        if (!Path.Exists(PathOf(data)))
        {
            return [];
        }

        double[] rates = [0.1, 0.01];
        GridCase[] known =
        [
            new(data, TrainingLoss.Log, FourRates, [0.0001]) { Known = new(0.1, 0.0001, 0.83296, 0.827476) },
            new(data, TrainingLoss.Log, FourRates, [0.00001, 0.0001]) { Update = Update.PerRow, Known = new(0.01, 0.00001, 0.84092, 0.839095) },
        ];
        GridCase[] others =
        [
            new(data, TrainingLoss.CrossEntropy, rates, [0.0001]),
            new(data, TrainingLoss.Hinge, rates, [0.0001]),
            new(data, TrainingLoss.CrossEntropy, rates, [0.0001]) { Hidden = 64 },
        ];
        return Array.ConvertAll(data == "fashion_mnist" ? [.. known, .. others] : others, grid => grid with { Epochs = 3, Folds = 1 });
    }

    private static async Task CompareAsync(GridCase grid, string folder)
    {
        var hone = grid.Run();
        var reference = grid.Known ?? await ReferenceAsync(grid, folder);
        var update = grid.Update == Update.PerRow ? "per row" : $"batch {grid.Batch}";
        var name = Path.GetFileName(grid.Data).Replace(".tsv.gz", "", StringComparison.Ordinal);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {grid.Learner} {grid.Loss} | {update} | {hone.Cv:0.00000} | {reference.Cv:0.00000} | {Difference(hone.Cv, reference.Cv)} | {hone.Test:0.00000} | {reference.Test:0.00000} | {Difference(hone.Test, reference.Test)} |"));
    }

    private static string Difference(double hone, double reference) =>
        (Math.Round(100 * ((hone / reference) - 1), 3) + 0.0).ToString("+0.000 \\%;-0.000 \\%;0.000 \\%", CultureInfo.InvariantCulture);

    private static async Task<GridScore> ReferenceAsync(GridCase grid, string folder)
    {
        var path = PathOf(grid.Data);
        if (DataSource.Names.Contains(grid.Data))
        {
            path = Path.Combine(folder, grid.Data + ".tsv");
            await File.WriteAllLinesAsync(path, Lines(DataSource.Load<double>(grid.Data)));
        }

        var loss = grid.Loss == TrainingLoss.CrossEntropy ? "cross_entropy" : grid.Loss.ToString().ToLowerInvariant();
        var json = JsonSerializer.Serialize(new
        {
            path,
            loss,
            hidden = grid.Hidden,
            batch = grid.Batch,
            epochs = grid.Epochs,
            folds = grid.Folds,
            rates = grid.Rates,
            alphas = grid.Alphas,
            seed = GridCase.WeightSeed,
        });
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "python", "reference_grid.py"), json])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var answer = JsonElement.Parse(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        double Number(string key) => answer.GetProperty(key).GetDouble();
        return new GridScore(Number("rate"), Number("alpha"), Number("cv"), Number("test"));
    }

    private static IEnumerable<string> Lines(Dataset<double> table) => Enumerable.Range(0, table.Features.Rows)
        .Select(row => string.Join('\t', [.. table.Features.Row(row).ToArray(), table.Targets[row]])).Prepend(string.Join('\t', [.. table.Columns, "target"]));

    private static string PathOf(string data) => data switch
    {
        "fashion_mnist" => "/usr/share/datasets/fashion-mnist",
        "mnist" => Path.Combine(DataSource.CacheFolder, "mnist"),
        _ => data,
    };
}
