using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Tests;

/// <summary>A data repository without Git in a folder of its own, and the verbs on it.</summary>
internal sealed class DataRepository : IDisposable
{
    private readonly TemporaryFolder _folder;

    private DataRepository(TemporaryFolder folder)
    {
        _folder = folder;
        Repository = Repository.Find(folder.Path);
    }

    public Repository Repository { get; private set; }

    public TemporaryFolder Folder => _folder;

    public RepositoryIndex Index => RepositoryIndex.Read(Repository);

    public static async Task<DataRepository> MakeAsync()
    {
        var folder = new TemporaryFolder();
        await Setup.RunAsync(folder.Path, hasNoScm: true, isSubfolder: false, isForced: false, CancellationToken.None);
        return new DataRepository(folder);
    }

    public static DataRepository OfGolden(string name)
    {
        var folder = Golden.Unpack(name);
        File.WriteAllText(folder[".dvc/config.local"], "[core]\n    no_scm = true\n");
        return new DataRepository(folder);
    }

    /// <summary>Opens the repository anew, as the next command would.</summary>
    public void Reopen()
    {
        Repository.Dispose();
        Repository = Repository.Find(_folder.Path);
    }

    public Task<IReadOnlyList<string>> AddAsync(params string[] paths) => AddAsync(new AddOptions(), paths);

    public Task<IReadOnlyList<string>> AddAsync(AddOptions options, params string[] paths) =>
        Add.RunAsync(Repository, Index, paths.Select(path => _folder[path]), options, TimeProvider.System);

    public Task<CheckoutResult> CheckoutAsync(CheckoutOptions? options = null) =>
        Checkout.RunAsync(Repository, Index.Outputs, options ?? new CheckoutOptions(), TimeProvider.System);

    public Dictionary<string, OutputChange> Status() => Index.Outputs.ToDictionary(
        output => output.Path, output => Hone.Pipelines.Verbs.Status.Of(Repository, output, new ContentReader(Repository)));

    public IReadOnlyList<Target> Targets(params string[] paths) => Hone.Pipelines.Tracking.Targets.Find(Repository, Index, [.. paths.Select(path => _folder[path])]);

    public Task<TransferResult> PushAsync(IRemote remote) => new Transfer(Repository, remote).PushAsync(Targets());

    public Task<TransferResult> FetchAsync(IRemote remote, params string[] paths) => new Transfer(Repository, remote).FetchAsync(Targets(paths));

    public string ObjectOf(string text) => Repository.Cache.PathOf(ObjectId.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Changes an object's bytes but neither its rights nor its name.</summary>
    public static void Tamper(string path, string text)
    {
        Posix.SetMode(path, 0x1B6);
        File.WriteAllText(path, text);
        Posix.SetMode(path, 0x124);
    }

    public void Dispose()
    {
        Repository.Dispose();
        _folder.Dispose();
    }
}
