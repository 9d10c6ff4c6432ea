using Hone.Pipelines.Files;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;

namespace Hone.Pipelines.Tests.Verbs;

public sealed class AddTests
{
    [Fact]
    public async Task Rebuilds_the_golden_repository_with_the_same_records_and_objects()
    {
        using var golden = Golden.Unpack("a_add");
        using var made = await DataRepository.MakeAsync();
        string[] outputs = ["file.txt", "crlf.txt", "empty.bin", "run.sh", "data", "nested/dir/n.txt"];
        foreach (var output in outputs)
        {
            CopyTree(golden[output], made.Folder[output]);
        }

        await made.AddAsync([.. outputs]);

        foreach (var output in outputs)
        {
            Assert.Equal(golden.Read(output + ".dvc"), made.Folder.Read(output + ".dvc"));
        }

        var objects = Directory.GetFiles(made.Folder[".dvc/cache"], "*", SearchOption.AllDirectories);
        Assert.All(objects, path => Assert.True(File.Exists(golden[Path.GetRelativePath(made.Folder.Path, path)]), path));
        Assert.All(objects, path => Assert.Equal(File.ReadAllBytes(golden[Path.GetRelativePath(made.Folder.Path, path)]), File.ReadAllBytes(path)));
        Assert.All(objects, path => Assert.Equal(0x124u, Posix.Stat(path)!.Value.Mode & 0xFFF));
    }

    [Fact]
    public async Task A_repeated_add_of_the_golden_repository_changes_no_byte()
    {
        using var golden = DataRepository.OfGolden("a_add");
        var before = Everything(golden.Folder.Path);

        await golden.AddAsync("file.txt", "crlf.txt", "empty.bin", "run.sh", "data", "data2", "nested/dir/n.txt");

        Assert.Equal(before, Everything(golden.Folder.Path));
        Assert.All(golden.Status().Values, change => Assert.Equal(OutputChange.None, change));
    }

    [Fact]
    public async Task A_part_of_a_tracked_folder_is_recorded_without_the_rest()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "1");
        repository.Folder.Write("data/b", "2");
        await repository.AddAsync("data");
        repository.Folder.Write("data/a", "3");
        repository.Folder.Write("data/b", "4");

        await repository.AddAsync("data/a");

        var id = repository.Index.Find("data")!.Id!.Value;
        Assert.Equal(repository.ObjectOf("3"), repository.Repository.Cache.PathOf(repository.Repository.Cache.ReadManifest(id)!.Find("a")!.Value.Id));
        Assert.Equal(repository.ObjectOf("2"), repository.Repository.Cache.PathOf(repository.Repository.Cache.ReadManifest(id)!.Find("b")!.Value.Id));
    }

    [Fact]
    public async Task Comments_and_meta_of_a_record_survive()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");
        await repository.AddAsync("x");
        File.AppendAllText(repository.Folder["x.dvc"], "# from the lab\nmeta:\n  owner: someone\n");
        repository.Folder.Write("x", "22");

        await repository.AddAsync("x");

        Assert.Equal(
            "outs:\n- md5: b6d767d2f8ed5d21a44b0e5886680cb9\n  size: 2\n  hash: md5\n  path: x\n# from the lab\nmeta:\n  owner: someone\n",
            repository.Folder.Read("x.dvc"));
    }

    [Fact]
    public async Task No_commit_records_without_keeping()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");

        await repository.AddAsync(new AddOptions { SkipsCache = true }, "x");

        Assert.Equal(OutputChange.NotInCache, repository.Status()["x"]);
        Commit.Run(repository.Repository, repository.Index.Files);
        Commit.Run(repository.Repository, repository.Index.Files);
    }

    [Fact]
    public async Task Patterns_name_files()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("in/a.csv", "1");
        repository.Folder.Write("in/b.csv", "2");
        repository.Folder.Write("in/c.txt", "3");

        var changed = await repository.AddAsync(new AddOptions { IsGlob = true }, "in/*.csv");

        Assert.Equal(["in/a.csv.dvc", "in/b.csv.dvc"], changed);
    }

    [Fact]
    public async Task A_second_record_of_one_path_is_refused()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");
        await repository.AddAsync("x");
        File.Copy(repository.Folder["x.dvc"], repository.Folder["y.dvc"]);

        var wrong = Assert.Throws<PipelineException>(() => RepositoryIndex.Read(repository.Repository));

        Assert.Equal("'x' is an output of both 'x.dvc' and 'y.dvc'; remove it from one", wrong.Message);
    }

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.GetFileSystemEntries(from))
        {
            CopyTree(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }

    private static string Everything(string root) => string.Join('\n', Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/.dvc/tmp/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => path + " " + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));
}
