using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Tests.Verbs;

public sealed class CheckoutTests
{
    [Fact]
    public async Task Puts_back_what_the_golden_repository_recorded()
    {
        using var golden = Golden.Unpack("a_add");
        using var repository = DataRepository.OfGolden("a_add");
        Directory.Delete(repository.Folder["data"], recursive: true);
        File.Delete(repository.Folder["run.sh"]);

        var result = await repository.CheckoutAsync();

        Assert.Equal(["data/", "run.sh"], result.Added);
        Assert.Empty(result.Failures);
        Assert.All(Directory.GetFiles(golden["data"], "*", SearchOption.AllDirectories), path => Assert.Equal(
            File.ReadAllBytes(path), File.ReadAllBytes(repository.Folder[Path.GetRelativePath(golden.Path, path)])));
        Assert.True(Posix.Stat(repository.Folder["run.sh"])!.Value.IsExecutable);
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
    }

    [Fact]
    public async Task Puts_back_a_legacy_file_and_migrates_its_record_as_DVC_does()
    {
        using var migrated = Golden.Unpack("f_legacy_migrated");
        using var repository = DataRepository.OfGolden("f_legacy_unmigrated");
        File.Delete(repository.Folder["old.txt"]);

        var result = await repository.CheckoutAsync();
        var (objects, records) = Migrate.Run(repository.Repository, repository.Index, updatesRecords: true);

        Assert.Equal(["old.txt"], result.Added);
        Assert.Equal(migrated.Read("old.txt"), repository.Folder.Read("old.txt"));
        Assert.Equal(1, objects);
        Assert.Equal(["old.txt.dvc"], records);
        Assert.Equal(migrated.Read("old.txt.dvc"), repository.Folder.Read("old.txt.dvc"));
        Assert.Equal(OutputChange.None, repository.Status()["old.txt"]);
    }

    [Fact]
    public async Task Any_tree_comes_back_as_it_was_added()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            using var repository = await DataRepository.MakeAsync();
            var files = SomeTree(repository.Folder, new Random(seed));
            await repository.AddAsync("data");
            Directory.Delete(repository.Folder["data"], recursive: true);
            repository.Reopen();

            var result = await repository.CheckoutAsync();

            Assert.True(result.Failures.Count == 0, $"seed {seed}: {string.Join('\n', result.Failures)}");
            Assert.All(files, file => Assert.Equal(file.Value, repository.Folder.Read(file.Key)));
            Assert.Equal(OutputChange.None, repository.Status()["data"]);
        }
    }

    [Fact]
    public async Task A_change_that_is_nowhere_else_is_kept_unless_it_is_forced()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "1");
        repository.Folder.Write("data/b", "2");
        await repository.AddAsync("data");
        repository.Folder.Write("data/a", "mine");
        repository.Folder.Write("data/c", "new");

        var kept = await repository.CheckoutAsync();
        Assert.Equal(
            ["data: 2 files would be lost (c, a): the present content is not in the cache. Keep it with hone commit, or give --force"], kept.Failures);
        Assert.Equal("mine", repository.Folder.Read("data/a"));

        var forced = await repository.CheckoutAsync(new CheckoutOptions { IsForced = true });
        Assert.Equal(["data/"], forced.Modified);
        Assert.Equal("1", repository.Folder.Read("data/a"));
        Assert.False(File.Exists(repository.Folder["data/c"]));
    }

    [Fact]
    public async Task A_corrupt_object_is_told_and_not_handed_out()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "good");
        repository.Folder.Write("data/b", "fine");
        await repository.AddAsync("data");
        Directory.Delete(repository.Folder["data"], recursive: true);
        DataRepository.Tamper(repository.ObjectOf("good"), "evil");
        repository.Reopen();

        var result = await repository.CheckoutAsync();

        var id = ObjectId.Of("good"u8);
        Assert.Equal(
            [$"data: the object '{repository.ObjectOf("good")}' is corrupt: its content is not {id}. Remove it and get it again with hone fetch"], result.Failures);
        Assert.False(Directory.Exists(repository.Folder["data"]));
    }

    [Fact]
    public async Task A_missing_object_leaves_the_output_as_it_was()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "one");
        repository.Folder.Write("data/b", "two");
        await repository.AddAsync("data");
        Directory.Delete(repository.Folder["data"], recursive: true);
        File.Delete(repository.ObjectOf("two"));

        var refused = await repository.CheckoutAsync();
        Assert.Equal(["data: 1 object not in the cache (b); get them with hone fetch data"], refused.Failures);
        Assert.False(Directory.Exists(repository.Folder["data"]));

        await repository.CheckoutAsync(new CheckoutOptions { AllowsMissing = true });
        Assert.Equal("one", repository.Folder.Read("data/a"));
        Assert.False(File.Exists(repository.Folder["data/b"]));
    }

    [Fact]
    public async Task One_file_of_a_folder_can_be_put_there_alone()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "one");
        repository.Folder.Write("data/sub/b", "two");
        await repository.AddAsync("data");
        Directory.Delete(repository.Folder["data"], recursive: true);
        var target = Assert.Single(repository.Targets("data/sub/b"));

        await repository.CheckoutAsync(new CheckoutOptions { Wanted = target.Includes });

        Assert.Equal("two", repository.Folder.Read("data/sub/b"));
        Assert.False(File.Exists(repository.Folder["data/a"]));
    }

    [Fact]
    public async Task Files_and_folders_take_each_others_places()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/x", "file");
        repository.Folder.Write("data/y/in", "folder");
        await repository.AddAsync("data");
        var first = repository.Folder.Read("data.dvc");
        Directory.Delete(repository.Folder["data"], recursive: true);
        repository.Folder.Write("data/x/in", "now a folder");
        repository.Folder.Write("data/y", "now a file");
        await repository.AddAsync("data");

        File.WriteAllText(repository.Folder["data.dvc"], first);
        var result = await repository.CheckoutAsync();

        Assert.Empty(result.Failures);
        Assert.Equal("file", repository.Folder.Read("data/x"));
        Assert.Equal("folder", repository.Folder.Read("data/y/in"));
    }

    [Theory]
    [InlineData("hardlink")]
    [InlineData("symlink")]
    [InlineData("copy")]
    [InlineData("reflink,copy")]
    public async Task Every_way_to_link_gives_the_content_and_protects_the_object(string way)
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write(".dvc/config.local", $"[cache]\n    type = {way}\n");
        repository.Reopen();
        repository.Folder.Write("data/a", "one");
        await repository.AddAsync("data");

        var isLinked = way is "hardlink" or "symlink";
        Assert.Equal("one", repository.Folder.Read("data/a"));
        Assert.Equal(way == "symlink", new FileInfo(repository.Folder["data/a"]).LinkTarget is not null);
        Assert.Equal(OutputChange.None, repository.Status()["data"]);
        Remove.Unprotect(repository.Repository, "data");
        File.WriteAllText(repository.Folder["data/a"], "changed");
        Assert.Equal("one", File.ReadAllText(repository.ObjectOf("one")));
        Assert.True(isLinked || way.Contains("copy", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> SomeTree(TemporaryFolder folder, Random random)
    {
        string[] parts = ["a", "a-b", "a.b", "é", "漢字", "ﬀ", "😀", "tab\tname", "with space", "quote\"", "back\\slash", "del\u007f", "new\nline", "_z", "B", "#x", "[y]"];
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 60; i++)
        {
            var depth = random.Next(1, 4);
            var path = "data/" + string.Join('/', Enumerable.Range(0, depth).Select(level => parts[random.Next(parts.Length)] + (level + 1 < depth ? "_d" : "")));
            files[path] = new string((char)('a' + random.Next(26)), random.Next(0, 3000));
            folder.Write(path, files[path]);
        }

        return files;
    }
}
