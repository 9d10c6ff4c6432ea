using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Cli.StudyFiles;
using Hone.Sampling;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Tests.Processes;

/// <summary>
/// Kills the tuner at random moments, over and over. Each training program writes a line of its own for every report that Hone answered with
/// 200, and one at its end: what the store says afterwards is held against these lines.
/// </summary>
public sealed class KillTests
{
    private const int Rounds = 100;
    private const int Trials = 250;
    private const int Steps = 4;

    // Bash alone, with its own TCP: so a trial takes a few milliseconds of CPU, and four waits of 10 ms.
    private const string Program = """
        post() {
          local body="{\"step\": $1, \"loss\": $2}" status
          exec 3<>"/dev/tcp/${address%:*}/${address#*:}" || return
          printf 'POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' "$path" "${#body}" "$body" >&3
          IFS= read -r status <&3
          exec 3>&-
          case "$status" in *" 200 "*) echo "acknowledged $HONE_TRIAL $HONE_SEED $1 $2" >>"$FACTS" ;; esac
        }
        rest=${HONE_REPORT_URL#http://}; address=${rest%%/*}; path=/${rest#*/}
        for step in 1 2 3 4; do
          read -r -t 0.01 <> <(:)
          post $step 0.$step$HONE_TRIAL
        done
        echo "done $HONE_TRIAL $HONE_SEED" >>"$FACTS"
        """;

    [Fact]
    public async Task A_hundred_kills_lose_no_finished_trial_no_acknowledged_report_and_leave_no_process()
    {
        using var folder = new TemporaryFolder();
        var mark = $"kill-{Guid.NewGuid():N}";
        var facts = folder.File("facts.txt");
        folder.Write("train.sh", Program.Replace("$FACTS", facts, StringComparison.Ordinal));
        var file = folder.Write("kill.study.yaml", $"""
            study: {mark}
            objective: {"{ metric: loss }"}
            space: {"{ x: { float: [0, 1] } }"}
            sampler: random
            budget: {"{ trials: "}{Trials} {"}"}
            workers: {"{ local: 3 }"}
            train: {"{ command: bash train.sh }"}
            seed: 11
            """);

        var random = new SeededRandom(20);
        for (var round = 0; round < Rounds; round++)
        {
            await using var hone = HoneProcess.Start(folder.Path, "tune", file, "--store", folder.Store, "--no-report");

            // At any moment of the start; while trials run; or around the end of one.
            var (awaited, spread) = (round % 5) switch { 0 => ("", 400), 1 or 2 => ("started", 150), _ => (" complete: ", 60) };
            Assert.True(await hone.SaysAsync(awaited), $"round {round}: {string.Join('\n', hone.Errors)}");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(spread)), TimeProvider.System);
            hone.KillAtOnce();
            await hone.EndAsync();
            Assert.Empty(await HoneProcess.OrphansAsync(mark));
        }

        var (exitCode, _, errors) = await HoneProcess.RunAsync(folder.Path, "tune", file, "--store", folder.Store, "--no-report");
        Assert.True(exitCode == 0, errors);
        var endedBefore = int.Parse(Regex.Match(errors, @"goes on: (\d+) trials have ended").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(endedBefore >= 2 * Rounds / 5, $"only {endedBefore} trials ended before the last kill");
        Assert.Empty(await HoneProcess.OrphansAsync(mark));
        await CompareAsync(folder.Store, StudyFileReader.Read(file).Study, await File.ReadAllLinesAsync(facts));
    }

    private static async Task CompareAsync(string path, Study study, string[] facts)
    {
        await using var store = await StudyStore.OpenAsync(path, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(study);
        var seeds = new Dictionary<(int Trial, int Seed), int>();
        var reports = new HashSet<(int Trial, int Attempt, long Step, double Value)>();
        var ended = new Dictionary<int, int>();
        await foreach (var entry in journal.ReadAsync(CancellationToken.None))
        {
            switch (entry)
            {
                case TrialStarted started:
                    Assert.False(ended.ContainsKey(started.Trial), $"trial {started.Trial} was run again after its end");
                    seeds[(started.Trial, (int)(SeededRandom.Derive((ulong)study.Seed, (ulong)started.Trial, (ulong)started.Attempt) >> 33))] = started.Attempt;
                    break;
                case TrialReported reported:
                    reported.Values.Where(v => v.Metric == "loss").ToList()
                        .ForEach(v => reports.Add((reported.Trial, reported.Attempt, reported.Step, v.Value)));
                    break;
                case TrialEnded end:
                    Assert.Equal(TrialState.Complete, end.State);
                    ended[end.Trial] = ended.GetValueOrDefault(end.Trial) + 1;
                    break;
            }
        }

        Assert.Equal(Enumerable.Range(1, Trials), ended.Keys.Order());
        Assert.All(ended.Values, count => Assert.Equal(1, count));
        Assert.True(seeds.Count > Trials + Rounds, $"only {seeds.Count - Trials} attempts were cut short: the kills came too early or too late");
        var acknowledged = facts.Where(line => line.StartsWith("acknowledged ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        Assert.True(acknowledged.Count >= Trials * Steps, $"only {acknowledged.Count} reports were acknowledged");
        Assert.All(acknowledged, words =>
        {
            var trial = int.Parse(words[1], CultureInfo.InvariantCulture);
            var attempt = seeds[(trial, int.Parse(words[2], CultureInfo.InvariantCulture))];
            Assert.Contains(
                (trial, attempt, long.Parse(words[3], CultureInfo.InvariantCulture), double.Parse(words[4], CultureInfo.InvariantCulture)), reports);
        });

        // The same trials as without any kill: random proposals depend on nothing but the seed and the number.
        var record = (await store.ReadStudyAsync(study.Name, history: false))!;
        Assert.All(record.Trials, trial =>
        {
            var random = new SeededRandom(SeededRandom.Derive((ulong)study.Seed, (ulong)trial.Number));
            Assert.Equal(new RandomSampler(study.Space).Ask(trial.Number, random)!["x"], trial.Parameters.Single().Value);
        });
    }
}
