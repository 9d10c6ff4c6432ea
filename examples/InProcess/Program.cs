// Tunes a function of this program, on two threads, and keeps the study in a file. Run it: dotnet run --project examples/InProcess
using Hone.Budgets;
using Hone.Sampling;
using Hone.Space;
using Hone.Stopping;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Threads;

var study = new Study
{
    Name = "in-process",
    Space = new SearchSpace([new FloatParameter("rate", 0.001, 3, log: true), new IntParameter("batch_size", 1, 64, log: true)]),
    Objectives = [new Objective("loss")],
    Sampler = new RandomOptions(),
    Rules = [PercentileRule.Median("loss", Goal.Minimize, after: new After(Steps: 20, Time: TimeSpan.Zero))],
    Budget = new Budget { Trials = 40 },
};

// One trial: gradient descent on the average of some noisy bowls (x - 1)². A report throws when the trial is to stop.
static void Train(TrialContext trial, CancellationToken stop)
{
    var (rate, batchSize) = (trial.Configuration["rate"].Number, trial.Configuration["batch_size"].Number);
    var (random, x) = (trial.CreateRandom(), 5.0);
    for (var step = 1; step <= 200; step++)
    {
        var noise = (random.NextDouble() - 0.5) / Math.Sqrt(batchSize);
        x -= rate * (x - 1 + noise);
        trial.Report(step, "loss", (x - 1) * (x - 1));
    }
}

await using var store = await StudyStore.OpenAsync(".hone/hone.db", TimeProvider.System);
await using var journal = await store.OpenStudyAsync(study, fresh: true);
await using var pool = new ThreadWorkerPool(slots: 2, Train, TimeProvider.System);
using var tuner = new Tuner(study, pool, journal, TimeProvider.System);
var result = await tuner.RunAsync(CancellationToken.None);
Console.WriteLine($"{result.Complete} complete, {result.Stopped} stopped; best {result.Best!.Values[0]:g3} at {result.Best.Configuration}");
