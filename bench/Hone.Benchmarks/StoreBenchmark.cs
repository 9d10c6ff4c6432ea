using System.Diagnostics;
using System.Globalization;
using Hone.Budgets;
using Hone.Simulation;
using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Benchmarks;

/// <summary>What the store takes: durable trials and measurements a second, beside what SQLite takes by itself, and how fast it answers.</summary>
internal static class StoreBenchmark
{
    private const int Reports = 10;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MetricValue[][] Single = [.. Enumerable.Range(0, Reports).Select(i => new[] { new MetricValue("loss", 1.0 / (i + 1)) })];
    private static readonly MetricValue[] Ten = [.. Enumerable.Range(0, 10).Select(i => new MetricValue($"metric_{i}", i + 0.1))];

    /// <param name="arguments">The folder for the files, on the disk that is to be measured; the system's temporary folder if none is given.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var parent = arguments.Length > 0 ? arguments[0] : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"hone-store-{Environment.ProcessId}")).FullName;
        try
        {
            await TrialsByJournalAsync(folder, "warm-up", 500, quiet: true);
            RawSqlite.Measure(folder);
            await TrialsByJournalAsync(folder, "journal", 20_000, quiet: false);
            await TrialsByTunerAsync(folder, slots: 1, 10_000);
            await TrialsByTunerAsync(folder, slots: 8, 10_000);
            await OptunaAsync(folder, 30);
            foreach (var batch in new[] { 100, 1_000, 10_000 })
            {
                await MeasurementsAsync(folder, batch, valuesAReport: 10, trials: 1);
                await MeasurementsAsync(folder, batch, valuesAReport: 1, trials: 1);
                await MeasurementsAsync(folder, batch, valuesAReport: 10, trials: 64);
            }

            await BestAsync(folder, 100_000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Study Study(string name, int trials) => new()
    {
        Name = name,
        Space = new SearchSpace([.. Enumerable.Range(0, 3).Select(i => new FloatParameter($"x{i}", 0, 1))]),
        Objectives = [new Objective("loss")],
        Budget = new Budget { Trials = trials },
    };

    // What a tuner with one worker does: the end of a trial and the beginning of the next are one batch.
    private static async Task TrialsByJournalAsync(string folder, string name, int trials, bool quiet)
    {
        var study = Study(name, trials);
        await using var store = await StudyStore.OpenAsync(Path.Combine(folder, $"{name}.db"), TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(study);
        var random = new SeededRandom(1);
        var clock = Clock.Start();
        for (var trial = 1; trial <= trials; trial++)
        {
            journal.Append(new TrialProposed(Start, trial, study.Space.Sample(random)));
            journal.Append(new TrialStarted(Start, trial, 1));
            for (var step = 0; step < Reports; step++)
            {
                journal.Append(new TrialReported(Start, trial, 1, step, Single[step], TimeSpan.FromSeconds(step)));
            }

            journal.Append(new TrialEnded(Start, trial, TrialState.Complete, "", [random.NextDouble()], 0, TimeSpan.FromSeconds(10)));
            await journal.CommitAsync(CancellationToken.None);
        }

        if (!quiet)
        {
            Say($"trials, journal alone: {trials} of {Reports} reports, a durable commit each", clock.Rate(trials, "trials"));
        }
    }

    private static async Task TrialsByTunerAsync(string folder, int slots, int trials)
    {
        var study = Study($"tuner-{slots}", trials);
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(slots, time, Attempt);
        await using var store = await StudyStore.OpenAsync(Path.Combine(folder, $"{study.Name}.db"), time);
        await using var journal = await store.OpenStudyAsync(study);
        using var tuner = new Tuner(study, pool, journal, time);
        var clock = Clock.Start();
        await tuner.RunAsync(CancellationToken.None);
        Say($"trials, by the tuner, {slots} simulated workers, a durable commit for each turn of its loop", clock.Rate(trials, "trials"));
    }

    // All reports of a trial come at one instant with its end, so that a trial is one turn of the loop.
    private static SimulatedAttempt Attempt(TrialOrder order)
    {
        var length = TimeSpan.FromSeconds(1 + (order.Seed % 1000 / 1000.0));
        return new SimulatedAttempt(Enumerable.Range(0, Reports).Select(i => new SimulatedReport(length, i, Single[i])), length);
    }

    private static async Task MeasurementsAsync(string folder, int batch, int valuesAReport, int trials)
    {
        const int Count = 1_000_000;
        var name = $"batch-{batch}-{valuesAReport}-{trials}";
        var path = Path.Combine(folder, $"{name}.db");
        var study = Study(name, trials);
        double seconds, cpu;
        await using (var store = await StudyStore.OpenAsync(path, TimeProvider.System))
        await using (var journal = await store.OpenStudyAsync(study))
        {
            for (var trial = 1; trial <= trials; trial++)
            {
                journal.Append(new TrialProposed(Start, trial, study.Space.Sample(new SeededRandom(1))));
                journal.Append(new TrialStarted(Start, trial, 1));
            }

            await journal.CommitAsync(CancellationToken.None);
            var values = Ten[..valuesAReport];
            var clock = Clock.Start();
            for (int written = 0, report = 0; written < Count; report++)
            {
                journal.Append(new TrialReported(Start, (report % trials) + 1, 1, report / trials, values, TimeSpan.FromMilliseconds(report)));
                written += valuesAReport;
                if (written % batch == 0)
                {
                    await journal.CommitAsync(CancellationToken.None);
                }
            }

            (seconds, cpu) = clock.Stop();
        }

        Say(
            $"measurements, batches of {batch}, {valuesAReport} a report, {trials} running trials",
            $"{Count / seconds:0}/s wall, {Count / cpu:0} a CPU second, {(double)new FileInfo(path).Length / Count:0.0} bytes each in the file");
    }

    private static async Task BestAsync(string folder, int trials)
    {
        var path = Path.Combine(folder, "best.db");
        var study = Study("best", trials);
        await using (var store = await StudyStore.OpenAsync(path, TimeProvider.System))
        await using (var journal = await store.OpenStudyAsync(study))
        {
            var random = new SeededRandom(2);
            for (var trial = 1; trial <= trials; trial++)
            {
                journal.Append(new TrialProposed(Start, trial, study.Space.Sample(random)));
                journal.Append(new TrialStarted(Start, trial, 1));
                journal.Append(new TrialReported(Start, trial, 1, 1, Ten, TimeSpan.FromSeconds(1)));
                journal.Append(new TrialEnded(Start, trial, TrialState.Complete, "", [random.NextDouble()], 0, TimeSpan.FromSeconds(1)));
                if (trial % 1000 == 0)
                {
                    await journal.CommitAsync(CancellationToken.None);
                }
            }
        }

        var clock = Clock.Start();
        await using var reopened = await StudyStore.OpenExistingAsync(path, TimeProvider.System);
        var best = await reopened.ReadBestAsync("best");
        Say($"best of {trials} trials x 10 metrics, from opening the file (of {new FileInfo(path).Length / 1_000_000} MB)", $"{clock.Stop().Seconds * 1000:0.0} ms (trial {best!.Trials[0].Number})");
        clock = Clock.Start();
        var studies = await reopened.ListStudiesAsync();
        Say("list of the studies in that file", $"{clock.Stop().Seconds * 1000:0.0} ms ({studies[0].Trials} trials)");
        clock = Clock.Start();
        var record = await reopened.ReadStudyAsync("best", history: false);
        Say("all trials with parameters and last values", $"{clock.Stop().Seconds * 1000:0} ms ({record!.Trials.Count} trials)");
        clock = Clock.Start();
        await using var again = await reopened.OpenStudyAsync(study);
        var events = 0;
        await foreach (var _ in again.ReadAsync(CancellationToken.None))
        {
            events++;
        }

        Say("replay of the journal", $"{clock.Stop().Seconds * 1000:0} ms ({events} events)");
    }

    private static async Task OptunaAsync(string folder, int trials)
    {
        var script = $$"""
            import logging, os, time, optuna
            optuna.logging.set_verbosity(logging.ERROR)
            study = optuna.create_study(storage="sqlite:///{{Path.Combine(folder, "optuna.db")}}", sampler=optuna.samplers.RandomSampler(seed=1))
            def objective(trial):
                x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(3)]
                for step in range({{Reports}}):
                    trial.report(1 / (step + 1), step)
                return x[0]
            study.optimize(objective, n_trials=3)
            wall, cpu = time.perf_counter(), time.process_time()
            study.optimize(objective, n_trials={{trials}})
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"{ {{trials}} / wall:.1f} trials/s wall, { {{trials}} / cpu:.1f} a CPU second (optuna {optuna.__version__})")
            """;
        try
        {
            using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await python.StandardOutput.ReadToEndAsync();
            var errors = await python.StandardError.ReadToEndAsync();
            await python.WaitForExitAsync();
            Say($"trials, Optuna on SQLite, {trials} of the same", python.ExitCode == 0 ? output.Trim() : $"not measured: {errors.Trim().Split('\n')[^1]}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Say("trials, Optuna on SQLite", $"not measured: {e.Message}");
        }
    }

    internal static void Say(string what, FormattableString figure) => Say(what, figure.ToString(CultureInfo.InvariantCulture));

    private static void Say(string what, string figure) => Console.WriteLine($"{what,-86} {figure}");
}
