using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;

namespace Hone.Pipelines.Tests.Verbs;

/// <summary>What a user may do wrong, each with what the user reads.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("gone", "'gone' does not exist")]
    [InlineData("", "the root of the repository cannot be added itself; name what is in it")]
    [InlineData("x.dvc", "'x.dvc' is a record, not data; hone commit updates it, hone repro and hone checkout use it")]
    [InlineData("link/in", "'link/in' lies behind the link 'link'; add the place that it points to, or copy it here")]
    [InlineData("ignored.log", "'ignored.log' is ignored by .dvcignore; take it out there, or name something else")]
    [InlineData("around", "'around' holds 'around/inner', which 'around/inner.dvc' tracks already; run hone remove around/inner.dvc first")]
    [InlineData("dangling", "'dangling/link' is a link to nothing; remove it, or name it in .dvcignore")]
    [InlineData("loop", "'loop/self' is a link to nothing; remove it, or name it in .dvcignore")]
    public async Task Add_refuses_what_cannot_be_tracked(string target, string message)
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");
        repository.Folder.Write("real/in", "1");
        repository.Folder.Write("around/inner", "1");
        repository.Folder.Write("ignored.log", "1");
        repository.Folder.Write("dangling/file", "1");
        repository.Folder.Write("loop/file", "1");
        File.AppendAllText(repository.Folder[".dvcignore"], "*.log\n");
        File.CreateSymbolicLink(repository.Folder["link"], "real");
        File.CreateSymbolicLink(repository.Folder["dangling/link"], "nowhere");
        File.CreateSymbolicLink(repository.Folder["loop/self"], "self");
        await repository.AddAsync("x", "around/inner");

        var wrong = await Assert.ThrowsAsync<PipelineException>(() => repository.AddAsync(target));

        Assert.Equal(message, wrong.Message);
    }

    [Fact]
    public async Task A_path_outside_of_the_repository_is_refused()
    {
        using var repository = await DataRepository.MakeAsync();

        var wrong = await Assert.ThrowsAsync<PipelineException>(() => repository.AddAsync("../outside"));

        Assert.Equal(
            $"'{Path.GetFullPath(repository.Folder["../outside"])}' lies outside of the repository '{repository.Folder.Path}'; only what is inside can be tracked", wrong.Message);
        Assert.Equal(PipelineFault.WrongInput, wrong.Kind);
    }

    [Fact]
    public async Task A_pipe_is_refused()
    {
        using var repository = await DataRepository.MakeAsync();
        Directory.CreateDirectory(repository.Folder["data"]);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", repository.Folder["data/pipe"]))
        {
            await mkfifo.WaitForExitAsync();
        }

        var wrong = await Assert.ThrowsAsync<PipelineException>(() => repository.AddAsync("data"));

        Assert.Equal($"cannot read '{repository.Folder["data/pipe"]}': it is a pipe, a socket or a device; only files and folders can be tracked", wrong.Message);
    }

    [Theory]
    [InlineData("[1]", "x.dvc: this is no .dvc file: expected a mapping with 'outs'")]
    [InlineData("outs: 1", "x.dvc:1:7: 'outs' must be a list")]
    [InlineData("outs:\n- a", "x.dvc:2:3: an output must be a mapping with 'path'")]
    [InlineData("outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e", "x.dvc:2:3: an output has no 'path'")]
    [InlineData("outs:\n- md5: xyz\n  path: x", "x.dvc:2:8: 'md5' must be 32 hexadecimal digits, with '.dir' behind them for a folder")]
    [InlineData("outs:\n- size: big\n  path: x", "x.dvc:2:9: a whole number is expected")]
    [InlineData("oust:\n- path: x", "x.dvc:1:1: 'oust' is no key of a .dvc file; expected one of cmd, wdir, deps, outs, md5, desc, meta, frozen, always_changed, hash")]
    [InlineData("outs:\n- path: ../../x", "'../../x' lies outside of the repository '{root}'; only what is inside can be tracked")]
    [InlineData("outs: [", "x.dvc:2:1: this is not valid YAML: while parsing a node, did not find expected node content")]
    public async Task A_broken_record_is_told_with_its_place(string text, string message)
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x.dvc", text);

        var wrong = Assert.Throws<PipelineException>(() => DvcFile.Read(repository.Repository, "x.dvc"));

        Assert.Equal(message.Replace("{root}", repository.Folder.Path, StringComparison.Ordinal), wrong.Message);
        Assert.Equal(PipelineFault.WrongInput, wrong.Kind);
    }

    [Fact]
    public void A_folder_without_a_repository_is_told()
    {
        using var folder = new TemporaryFolder();

        var wrong = Assert.Throws<PipelineException>(() => Repository.Find(folder.Path));

        Assert.Equal($"'{folder.Path}' is in no data repository: there is no folder .dvc here or above. Make one with hone init", wrong.Message);
    }

    [Fact]
    public async Task A_second_init_is_refused_and_so_is_one_without_Git()
    {
        using var repository = await DataRepository.MakeAsync();
        using var empty = new TemporaryFolder();

        var second = await Assert.ThrowsAsync<PipelineException>(() => Setup.RunAsync(repository.Folder.Path, true, false, false, CancellationToken.None));
        var bare = await Assert.ThrowsAsync<PipelineException>(() => Setup.RunAsync(empty.Path, false, false, false, CancellationToken.None));

        Assert.Equal($"'{repository.Folder.Path}' is a data repository already: there is a .dvc. --force replaces it, with its cache", second.Message);
        Assert.Equal($"'{empty.Path}' is in no Git repository: run git init first, or give --no-scm", bare.Message);
    }

    [Theory]
    [InlineData("[cache]\n    type = magic\n", "cache.type: 'magic' is no way to link; expected reflink, hardlink, symlink or copy")]
    [InlineData("what is this\n", "{root}/.dvc/config:1: 'what is this' is neither a [section] nor 'name = value'; correct or remove the line")]
    public async Task Broken_options_are_told(string config, string message)
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write(".dvc/config", config);
        repository.Reopen();

        var wrong = Assert.Throws<PipelineException>(() => repository.Repository.Cache);

        Assert.Equal(message.Replace("{root}", repository.Folder.Path, StringComparison.Ordinal), wrong.Message);
    }

    [Theory]
    [InlineData("", null, "no remote is set: name one with --remote, or add a default one with hone remote add -d NAME URL")]
    [InlineData("", "far", "there is no remote 'far'; there are none; add one with hone remote add NAME URL")]
    [InlineData("['remote \"near\"']\n    url = ../s\n", "far", "there is no remote 'far'; there are near")]
    [InlineData("['remote \"gd\"']\n    url = gdrive://x\n", "gd", "'gdrive://x': gdrive remotes are not supported; expected a folder, s3://, ssh://, http:// or https://")]
    public async Task A_remote_that_is_not_there_is_told(string config, string? name, string message)
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write(".dvc/config", config);
        repository.Reopen();

        Assert.Equal(message, Assert.Throws<PipelineException>(() => Remote.Open(repository.Repository.Config, name)).Message);
    }

    [Fact]
    public async Task A_remote_that_does_not_answer_is_told()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");
        await repository.AddAsync("x");
        File.Delete(repository.ObjectOf("1"));
        using var client = new HttpClient();

        var result = await repository.FetchAsync(new HttpRemote(new Uri("http://127.0.0.1:1/"), client));

        Assert.StartsWith("x: the remote 'http://127.0.0.1:1/' does not answer: ", Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_holds_the_lock_is_told()
    {
        using var repository = await DataRepository.MakeAsync();
        using var held = await RepositoryLock.TakeAsync(repository.Repository, TimeProvider.System);

        var wrong = await Assert.ThrowsAsync<PipelineException>(() => RepositoryLock.TakeAsync(repository.Repository, TimeProvider.System, TimeSpan.Zero));

        Assert.StartsWith("another command is working in this repository: '", wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(process {Environment.ProcessId}). Wait for its end, or give --wait-for-lock", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_left_by_a_process_that_ended_is_none()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write(".dvc/tmp/lock", " 999999\n");

        using var held = await RepositoryLock.TakeAsync(repository.Repository, TimeProvider.System, TimeSpan.Zero);

        Assert.NotNull(held);
    }

    [Fact]
    public async Task A_stage_that_writes_a_path_is_waited_for_and_one_that_ended_is_not()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "1");
        using var other = System.Diagnostics.Process.Start("tail", ["-f", "/dev/null"]);
        try
        {
            var entry = $$$"""{"{{{repository.Folder["data"]}}}": {"write": {"pid": {{{other.Id}}}, "cmd": "dvc repro"}, "read": []}}""";
            repository.Folder.Write(".dvc/tmp/rwlock", entry);

            var wrong = await Assert.ThrowsAsync<PipelineException>(() => repository.AddAsync("data"));

            Assert.Equal($"a running stage writes 'data': 'tail -f /dev/null' (process {other.Id}). Wait for its end", wrong.Message);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }

        await repository.AddAsync("data");
    }

    [Fact]
    public async Task A_tampered_list_of_files_is_told()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "1");
        await repository.AddAsync("data");
        var path = repository.Repository.Cache.PathOf(repository.Index.Find("data")!.Id!.Value);
        DataRepository.Tamper(path, "[]");
        Directory.Delete(repository.Folder["data"], recursive: true);

        var result = await repository.CheckoutAsync();

        Assert.Equal(
            [$"data: the object '{path}' is corrupt: its content is {Manifest.Of([]).Id}. Remove it and fetch it again with hone fetch"], result.Failures);
    }

    [Fact]
    public async Task An_argument_that_names_nothing_tracked_is_told()
    {
        using var repository = await DataRepository.MakeAsync();

        var wrong = Assert.Throws<PipelineException>(() => repository.Targets("nothing"));

        Assert.Equal(
            $"'{repository.Folder["nothing"]}' is not tracked: there is no such output, .dvc file or stage. hone ls shows what there is", wrong.Message);
    }

    [Fact]
    public async Task Moving_onto_something_is_refused()
    {
        using var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("x", "1");
        repository.Folder.Write("y", "2");
        await repository.AddAsync("x");

        var wrong = Assert.Throws<PipelineException>(() => Remove.Move(repository.Repository, repository.Index.Files[0], "y"));

        Assert.Equal("'y' is there already; remove it or name another place", wrong.Message);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_told()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", "1");
        using var source = SourceFile.Open(path);
        await File.AppendAllTextAsync(path, "2");

        Assert.Equal(
            $"'{path}' changed while it was read; run the command again when nothing writes to it", Assert.Throws<PipelineException>(source.CheckUnchanged).Message);
    }
}
