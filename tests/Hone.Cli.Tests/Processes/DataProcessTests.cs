using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Hone.Cli.Tests.Processes;

/// <summary>The verbs on data and stages as a user meets them: what they say and how they end, a session each.</summary>
public sealed partial class DataProcessTests
{
    private static readonly string[] Data =
    [
        "init --no-scm",
        "status",
        "write data/a.csv one",
        "write data/sub/b.csv two",
        "write model.bin three",
        "add data model.bin",
        "status",
        "write data/a.csv changed",
        "status",
        "status --json",
        "status -q",
        "checkout",
        "checkout --force",
        "remote add -d store ../store",
        "remote list --json",
        "config core.remote",
        "status --cloud",
        "push",
        "push",
        "push --json",
        "delete .dvc/cache",
        "delete data",
        "status --json",
        "checkout data",
        "pull data/sub/b.csv",
        "ls -R",
        "pull",
        "data status",
        "move model.bin best.bin",
        "write best.bin better",
        "commit best.bin.dvc",
        "gc",
        "gc -w",
        "gc -w --force --json",
        "remove best.bin.dvc",
        "unprotect data",
        "import-url data/sub/b.csv copied.csv",
        "root",
        "cache dir",
        "add nothing",
        "config cache.type",
        "diff",
    ];

    private static readonly string[] Stages =
    [
        "git init -q",
        "init",
        "write params.yaml lr: 0.1\nsteps: 10\n",
        "write raw.csv 1\n2\n3\n",
        "add raw.csv",
        "stage add -n clean -d raw.csv -o clean.csv -- sort raw.csv > clean.csv",
        "write train.sh printf '{\"loss\": %s}' $1 > metrics.json; printf 'step,loss\\n0,%s\\n1,0.1\\n' $1 > curve.csv; echo model > model.bin\n",
        "stage add -n train -d clean.csv -p lr -o model.bin -M metrics.json --plots curve.csv -- sh train.sh ${lr}",
        "stage list",
        "dag",
        "dag --mermaid",
        "status",
        "repro --dry",
        "repro",
        "status",
        "repro",
        "git add -A",
        "git commit -qm first",
        "write params.yaml lr: 0.25\nsteps: 10\n",
        "status",
        "params diff",
        "repro",
        "metrics show",
        "metrics diff",
        "metrics diff --json",
        "metrics diff --md",
        "git commit -qam second",
        "metrics diff",
        "metrics diff HEAD~1",
        "metrics diff HEAD~1 HEAD --all",
        "params diff HEAD~1 --json",
        "params diff none",
        "diff HEAD~1",
        "diff HEAD~1 --json",
        "plots show --out plots.html",
        "plots diff HEAD~1 --out diff.html",
        "freeze train",
        "write params.yaml lr: 0.5\nsteps: 10\n",
        "repro",
        "unfreeze train",
        "repro train -q",
        "commit",
        "data of model.bin",
        "data of metrics.json --json",
        "write model.bin other",
        "data of model.bin",
        "repro --json",
        "git commit -qam third",
        "gc --all-commits --dry",
        "write dvc.yaml stages:\n  a: { cmd: 'echo to the error >&2; exit 3', outs: [x] }\n  b: { cmd: y, deps: [x] }\n",
        "repro",
        "repro -k",
    ];

    [Fact]
    public Task A_session_with_data_reads_as_approved() => ReadAsync("DataSession", Data);

    [Fact]
    public Task A_session_with_stages_reads_as_approved() => ReadAsync("StageSession", Stages);

    private static async Task ReadAsync(string name, string[] session)
    {
        using var folder = new TemporaryFolder();
        var root = Directory.CreateDirectory(Path.Combine(folder.Path, "work")).FullName;
        var transcript = new StringBuilder();
        foreach (var line in session)
        {
            transcript.AppendLine($"$ {line}");
            transcript.Append(await StepAsync(root, line));
        }

        var text = transcript.ToString().Replace(folder.Path, "FOLDER", StringComparison.Ordinal);
        Approved.Is(name, Took().Replace(Commit().Replace(text, "COMMIT"), "TIME"));
    }

    private static async Task<string> StepAsync(string root, string line)
    {
        var words = line.Split(' ');
        switch (words[0])
        {
            case "write":
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, words[1]))!);
                File.Delete(Path.Combine(root, words[1]));
                await File.WriteAllTextAsync(Path.Combine(root, words[1]), string.Join(' ', words[2..]).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\n", "\\n", StringComparison.Ordinal));
                return "";
            case "delete":
                Directory.Delete(Path.Combine(root, words[1]), recursive: true);
                return "";
            case "git":
                using (var git = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", .. words[1..]]) { WorkingDirectory = root })!)
                {
                    await git.WaitForExitAsync();
                    Assert.Equal(0, git.ExitCode);
                }

                return "";
            default:
                // What follows -- is one command of the shell's.
                var command = line.IndexOf(" -- ", StringComparison.Ordinal);
                var (code, output, errors) = await HoneProcess.RunAsync(root, command < 0 ? words : [.. line[..(command + 3)].Split(' '), line[(command + 4)..]]);
                return $"{output}{(errors.Length > 0 ? errors + "\n" : "")}[{code}]\n";
        }
    }

    [GeneratedRegex("[0-9a-f]{40}|(?<=commit )[0-9a-f]{10}|(?<=checkout )[0-9a-f]{10}")]
    private static partial Regex Commit();

    [GeneratedRegex("""(?<=is done in )[^,\n]+|(?<="seconds":)[^,}]+""")]
    private static partial Regex Took();
}
