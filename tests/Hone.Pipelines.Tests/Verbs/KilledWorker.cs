using System.Diagnostics;
using System.Globalization;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Tests.Verbs;

/// <summary>A process that changes, adds, pushes, checks out and collects garbage over and over, and says when it begins each.</summary>
internal static class KilledWorker
{
    private const int Files = 40;

    /// <summary>Starts the process; its output is one line a verb.</summary>
    public static Process Start(string root, int seed) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(KilledWorker).Assembly.Location, "work-until-killed", root, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;

    /// <summary>The process itself. Ends when it is killed, or when nobody reads what it says.</summary>
    public static async Task RunAsync(string root, int seed)
    {
        var random = new Random(seed);
        var data = Path.Combine(root, "data");
        var remote = new LocalRemote(Path.Combine(root, "..", Path.GetFileName(root) + "-store"));
        while (true)
        {
            using var repository = Repository.Find(root);
            using var held = await RepositoryLock.TakeAsync(repository, TimeProvider.System);
            Say("add");
            Change(data, random);
            await Add.RunAsync(repository, RepositoryIndex.Read(repository), [data], new AddOptions(), TimeProvider.System);
            Say("push");
            var index = RepositoryIndex.Read(repository);
            await new Transfer(repository, remote).PushAsync(Targets.Find(repository, index, []));
            Directory.Delete(data, recursive: true);
            Say("checkout");
            await Checkout.RunAsync(repository, index.Outputs, new CheckoutOptions(), TimeProvider.System);
            Say("gc");
            await Garbage.RunAsync(repository, new GarbageOptions());
        }
    }

    /// <summary>What a file may hold: its first character says how the rest goes on.</summary>
    public static bool IsWhole(string text) => text.Length > 0 && text.TrimEnd(text[0]).Length == 0;

    private static void Change(string data, Random random)
    {
        for (var i = 0; i < Files; i++)
        {
            if (random.Next(3) > 0 || !Directory.Exists(data))
            {
                var path = Path.Combine(data, $"d{i % 3}", $"f{i}");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Delete(path + "~");
                File.WriteAllText(path + "~", new string((char)('a' + random.Next(26)), random.Next(1, 200_000)));
                File.Move(path + "~", path, overwrite: true);
            }
        }
    }

    private static void Say(string verb)
    {
        Console.Out.WriteLine(verb);
        Console.Out.Flush();
    }
}
