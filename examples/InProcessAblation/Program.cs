// Asks of a function of this program what its parts contribute, on two threads. Run it: dotnet run --project examples/InProcessAblation
using Hone.Ablation;
using Hone.Analysis;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Threads;

// Two settings that go back to a default, and a switch that the function reads itself.
var plan = new AblationPlan(
    [
        new AblationComponent { Name = "momentum", Sets = [new("momentum", 0.0)] },
        new AblationComponent { Name = "clipping", Sets = [new("clip", 1e9)] },
        new AblationComponent { Name = "averaging" },
    ],
    new AblationOptions { Design = AblationDesign.Pairs, Seeds = 30, Margin = 0.5 },
    [new("momentum", 0.9), new("clip", 1.0)]);

var study = new Study
{
    Name = "in-process-ablation",
    Space = plan.Space,
    Objectives = [new Objective("loss")],
    Sampler = new AblationSamplerOptions(plan),
};

// One trial: gradient descent down a long valley, with noise. All trials of a seed see the same noise.
static void Train(TrialContext trial, CancellationToken stop)
{
    var configuration = trial.Configuration;
    var (momentum, clip) = (configuration["momentum"].Number, configuration["clip"].Number);
    var averages = !configuration[AblationPlan.Ablated].ToString().Split(',').Contains("averaging");
    var random = new Random((int)configuration[AblationPlan.Seed].Number);
    var (x, y, vx, vy, meanX, meanY) = (30.0, 1.0, 0.0, 0.0, 0.0, 0.0);
    for (var step = 1; step <= 200; step++)
    {
        vx = (momentum * vx) + Math.Clamp((0.02 * x) + random.NextDouble() - 0.5, -clip, clip);
        vy = (momentum * vy) + Math.Clamp(y + random.NextDouble() - 0.5, -clip, clip);
        (x, y) = (x - (0.2 * vx), y - (0.2 * vy));
        var share = averages && step > 100 ? 1.0 / (step - 100) : 1;
        (meanX, meanY) = (meanX + (share * (x - meanX)), meanY + (share * (y - meanY)));
    }

    trial.Report(200, "loss", (0.01 * meanX * meanX) + (0.5 * meanY * meanY));
}

var journal = new InMemoryJournal();
await using var pool = new ThreadWorkerPool(slots: 2, Train, TimeProvider.System);
using var tuner = new Tuner(study, pool, journal, TimeProvider.System);
await tuner.RunAsync(CancellationToken.None);
var result = AblationResult.Of(plan, Recording.Of(study, journal.Events), costs: ["system/cpu_seconds"]);
foreach (var answer in result.Contrasts)
{
    Console.WriteLine($"{answer.Contrast.Name,-24} {answer.Verdict,-11} {answer.Mean.Value,8:0.000} [{answer.Mean.Low:0.000}, {answer.Mean.High:0.000}]");
}

Console.WriteLine($"{result.Trials} trials of at most {result.FixedTrials}");
