using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Cli.Tests.Processes;

/// <summary>
/// Kills the real program at random moments of a verb on data: afterwards every object is what its name says, every file of the user's is as it
/// was, and the same command brings its work to the end.
/// </summary>
public sealed class DataKillTests : IDisposable
{
    private const int Files = 90;

    // More by HONE_KILL_ROUNDS: the suite's share is what fits into its time.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("HONE_KILL_ROUNDS"), out var rounds) ? rounds : 4;
    private static readonly string[] Links = ["copy", "hardlink", "symlink"];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);
    private readonly string _root;

    public DataKillTests()
    {
        _root = _folder.File("work");
        Directory.CreateDirectory(Path.Combine(_root, ".dvc"));
        Configure("copy");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Add_is_killed_and_goes_on() => KillAsync("add", ["add", "data", "large"], Change, round =>
    {
        CheckWorkspace(round, isWhole: true);
        CheckRecords(round);
    });

    [Fact]
    public Task Checkout_is_killed_and_goes_on() => KillAsync("checkout", ["checkout"], Lose, round => CheckWorkspace(round, isWhole: false));

    [Fact]
    public Task Push_is_killed_and_goes_on() => KillAsync("push", ["push"], _ => DeleteStore(), round =>
    {
        CheckObjects(_folder.File("store"), round, isRemote: true);
        CheckWorkspace(round, isWhole: true);
    });

    [Fact]
    public Task Gc_is_killed_and_goes_on() => KillAsync("gc", ["gc", "--workspace", "--force"], Litter, round =>
    {
        CheckWorkspace(round, isWhole: true);
        CheckRecords(round);
    });

    [Fact]
    public async Task Repro_is_killed_and_goes_on()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "dvc.yaml"), "stages:\n" + string.Concat(Enumerable.Range(1, 5).Select(i =>
            $"  s{i}: {{ cmd: 'mkdir -p d{i} && cp s{i - 1}.txt s{i}.txt && cp s{i - 1}.txt d{i}/one', deps: [s{i - 1}.txt], outs: [s{i}.txt, d{i}] }}\n")));
        await KillAsync("repro", ["repro", "-j", "2"], random => Write("s0.txt", random), round =>
        {
            var text = File.Exists(Path.Combine(_root, "dvc.lock")) ? File.ReadAllText(Path.Combine(_root, "dvc.lock")) : "schema: '2.0'\nstages:\n";
            Assert.True(text.StartsWith("schema: '2.0'\nstages:\n", StringComparison.Ordinal), $"{round}: dvc.lock is torn: {text}");
            CheckFile("s0.txt", round);
        });
        Assert.Equal(_expected["s0.txt"], await File.ReadAllTextAsync(Path.Combine(_root, "d5", "one")));
    }

    private async Task KillAsync(string verb, string[] arguments, Action<Random> prepare, Action<string> check)
    {
        var random = new Random(verb.Length * 1000);
        Change(random);
        await RunAsync("its first add", "add", "data", "large");
        prepare(random);
        var usual = await TimeAsync(arguments);
        for (var round = 0; round < Rounds; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{verb}, round {round}");
            Configure(Links[round % Links.Length]);
            prepare(random);
            await using (var hone = HoneProcess.Start(_root, arguments))
            {
                await Task.Delay(usual * random.NextDouble(), TimeProvider.System);
                hone.KillIfItRuns();
                await hone.EndAsync();
            }

            CheckObjects(Path.Combine(_root, ".dvc", "cache"), name, isRemote: false);
            check(name);
            await RunAsync(name, arguments);
            CheckDone(verb, name);
        }
    }

    private async Task<TimeSpan> TimeAsync(string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        await RunAsync("its first run", arguments);
        return Stopwatch.GetElapsedTime(start);
    }

    private async Task RunAsync(string name, params string[] arguments)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_root, arguments);
        Assert.True(exitCode == 0, $"{name}: {string.Join(' ', arguments)} ended with {exitCode}: {errors}");
    }

    private void Configure(string links) => File.WriteAllText(
        Path.Combine(_root, ".dvc", "config"), $"[core]\n    no_scm = True\n    remote = store\n[cache]\n    type = {links}\n['remote \"store\"']\n    url = ../../store\n");

    // A file of the user's is replaced, never written into: it may be a link to an object.
    private void Write(string path, Random random, int longest = 60_000)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.Delete(full);
        var text = new StringBuilder().Insert(0, $"{random.Next()} ", 1 + random.Next(longest / 10)).ToString();
        File.WriteAllText(full, text);
        _expected[path] = text;
    }

    private void Change(Random random)
    {
        for (var i = 0; i < Files; i++)
        {
            if (random.Next(3) == 0 || _expected.Count < Files)
            {
                Write($"data/d{i % 4}/f{i}", random);
            }
        }

        Write("large", random, 8_000_000);
    }

    private void Lose(Random random)
    {
        foreach (var path in _expected.Keys.Where(path => path != "s0.txt" && random.Next(2) == 0))
        {
            File.Delete(Path.Combine(_root, path));
        }
    }

    private void DeleteStore()
    {
        if (Directory.Exists(_folder.File("store")))
        {
            Directory.Delete(_folder.File("store"), recursive: true);
        }
    }

    private void Litter(Random random)
    {
        for (var i = 0; i < 60; i++)
        {
            var bytes = new byte[random.Next(1, 30_000)];
            random.NextBytes(bytes);
            var id = ObjectId.Of(bytes).ToString();
            var path = Path.Combine(_root, ".dvc", "cache", "files", "md5", id[..2], id[2..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    private void CheckFile(string path, string round) => Assert.True(
        File.Exists(Path.Combine(_root, path)) && File.ReadAllText(Path.Combine(_root, path)) == _expected[path], $"{round}: '{path}' is lost or changed");

    private void CheckWorkspace(string round, bool isWhole)
    {
        foreach (var path in _expected.Keys.Where(path => isWhole || File.Exists(Path.Combine(_root, path))))
        {
            CheckFile(path, round);
        }
    }

    // What is recorded can be had back, whatever the killed command had done.
    private void CheckRecords(string round)
    {
        using var repository = Repository.Find(_root);
        foreach (var output in RepositoryIndex.Read(repository).Outputs)
        {
            var ids = output.Id is not { } id ? [] : id.IsFolder ? repository.Cache.ReadManifest(id)?.Entries.Select(entry => entry.Id) : [id];
            Assert.True(ids is not null, $"{round}: the list of '{output.Path}' is not in the cache");
            Assert.All(ids, one => Assert.True(repository.Cache.Has(one), $"{round}: {one} of '{output.Path}' is not in the cache"));
        }
    }

    // An object has its name or is a temporary file; on a remote a folder's list stands for all its files.
    private static void CheckObjects(string folder, string round, bool isRemote)
    {
        var objects = Path.Combine(folder, "files", "md5");
        foreach (var path in Directory.Exists(objects) ? Directory.GetFiles(objects, "*", SearchOption.AllDirectories) : [])
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(".hone-", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                continue;
            }

            var bytes = File.ReadAllBytes(path);
            var isFolder = name.EndsWith(".dir", StringComparison.Ordinal);
            Assert.True(Path.GetFileName(Path.GetDirectoryName(path)) + name == ObjectId.Of(bytes, isFolder).ToString(), $"{round}: {path} is not what its name says");
            foreach (var entry in isFolder && isRemote ? Manifest.Read(bytes, path).Entries : [])
            {
                var id = entry.Id.ToString();
                Assert.True(File.Exists(Path.Combine(objects, id[..2], id[2..])), $"{round}: {entry.Path} of {path} is missing");
            }
        }
    }

    private void CheckDone(string verb, string round)
    {
        using var repository = Repository.Find(_root);
        var outputs = RepositoryIndex.Read(repository, path => Hone.Pipelines.Stages.StageOutputs.Of(repository, path)).Outputs;
        var reader = new ContentReader(repository);
        Assert.All(outputs, output => Assert.True(Status.Of(repository, output, reader) == OutputChange.None, $"{round}: '{output.Path}' is {Status.Of(repository, output, reader)}"));
        CheckWorkspace(round, isWhole: true);
        CheckObjects(repository.Cache.Root, round, isRemote: false);
        if (verb == "push")
        {
            CheckObjects(_folder.File("store"), round, isRemote: true);
            Assert.All(outputs, output => Assert.True(
                File.Exists(Path.Combine(_folder.File("store"), "files", "md5", output.Id!.Value.ToString()[..2], output.Id.Value.ToString()[2..])), $"{round}: '{output.Path}' was not pushed"));
        }
        else if (verb == "gc")
        {
            var used = outputs.Sum(output => output.Id!.Value.IsFolder ? repository.Cache.ReadManifest(output.Id.Value)!.Entries.Count + 1 : 1);
            Assert.True(Directory.GetFiles(Path.Combine(repository.Cache.Root, "files", "md5"), "*", SearchOption.AllDirectories).Length <= used, $"{round}: garbage is left");
        }
    }
}
