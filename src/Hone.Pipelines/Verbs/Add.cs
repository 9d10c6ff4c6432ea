using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Verbs;

/// <summary>Puts files and folders under version control: contents into the cache, their ids into <c>.dvc</c> files.</summary>
public sealed class Add
{
    private readonly Repository _repository;
    private readonly RepositoryIndex _index;
    private readonly AddOptions _options;
    private readonly ContentReader _reader;

    private Add(Repository repository, RepositoryIndex index, AddOptions options, CancellationToken cancellationToken)
    {
        _repository = repository;
        _index = index;
        _options = options;
        _reader = new ContentReader(repository, cancellationToken);
    }

    /// <summary>Adds targets, or records what changed in those that are tracked.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="index">What it records now.</param>
    /// <param name="targets">Paths, absolute or relative to the current folder.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock of the waiting for the file system's clock.</param>
    /// <param name="cancellationToken">Ends the work between two files.</param>
    /// <returns>The files to be kept in Git that changed, below the root.</returns>
    /// <exception cref="PipelineException">A target cannot be tracked; then none is changed by it.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        Repository repository, RepositoryIndex index, IEnumerable<string> targets, AddOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var add = new Add(repository, index, options, cancellationToken);
        var paths = add.Paths(targets);
        paths.ForEach(add.Check);
        await add.CheckGitAsync(paths, cancellationToken);
        var changed = new List<string>();
        foreach (var path in paths)
        {
            changed.Add(add.Record(path));
        }

        changed.AddRange(await add.IgnoreAsync(paths, cancellationToken));
        await add.LinkAsync(paths, time, cancellationToken);
        return changed;
    }

    private List<string> Paths(IEnumerable<string> targets) => [.. targets
        .SelectMany(target => _options.IsGlob ? Expand(target) : [_repository.RelativePath(Path.GetFullPath(target))])
        .Distinct(StringComparer.Ordinal)];

    private string[] Expand(string target)
    {
        var pattern = _repository.RelativePath(Path.GetFullPath(target));
        var top = pattern.IndexOfAny(['*', '?', '[']) is >= 0 and var wild ? DvcFile.FolderOf(pattern[..wild]) : DvcFile.FolderOf(pattern);
        string[] found = [.. GlobWalk.Matches(_repository.Root, top, pattern)];
        return found.Length > 0 ? found : throw new PipelineException($"nothing matches '{target}'");
    }

    private void Check(string path)
    {
        if (path.Length == 0)
        {
            throw new PipelineException("the root of the repository cannot be added itself; name what is in it", PipelineFault.WrongInput);
        }

        if (path.EndsWith(".dvc", StringComparison.Ordinal))
        {
            throw new PipelineException($"'{path}' is a record, not data; hone commit updates it, hone repro and hone checkout use it", PipelineFault.WrongInput);
        }

        for (var above = DvcFile.FolderOf(path); above.Length > 0; above = DvcFile.FolderOf(above))
        {
            if (Posix.Stat(Path.Combine(_repository.Root, above)) is { IsLink: true })
            {
                throw new PipelineException($"'{path}' lies behind the link '{above}'; add the place that it points to, or copy it here", PipelineFault.WrongInput);
            }
        }

        var stamp = Posix.Stat(Path.Combine(_repository.Root, path), follow: true)
            ?? throw new PipelineException($"'{path}' does not exist");
        if (IgnoreScope.IgnoresAnywhere(_repository.Root, path, stamp.IsFolder, ".dvcignore"))
        {
            throw new PipelineException($"'{path}' is ignored by .dvcignore; take it out there, or name something else", PipelineFault.WrongInput);
        }

        if (_index.FindAround(path) is { IsFromStage: true } made)
        {
            throw new PipelineException($"'{path}' is an output of the stage '{made.Owner}', which records it; it cannot be added too", PipelineFault.WrongInput);
        }

        if (_index.Outputs.FirstOrDefault(output => output.Path.StartsWith(path + "/", StringComparison.Ordinal)) is { } inner)
        {
            throw new PipelineException($"'{path}' holds '{inner.Path}', which '{inner.Owner}' tracks already; run hone remove {inner.Owner} first", PipelineFault.WrongInput);
        }
    }

    private async Task CheckGitAsync(List<string> paths, CancellationToken cancellationToken)
    {
        if (Git.Of(_repository) is { } git && paths.Exists(path => _index.FindAround(path) is null)
            && (await git.TrackedAsync(paths, cancellationToken)).FirstOrDefault() is { } tracked)
        {
            throw new PipelineException(
                $"'{tracked}' is tracked by Git already; stop that first: git rm -r --cached '{tracked}' && git commit -m \"stop tracking {tracked}\"", PipelineFault.WrongInput);
        }
    }

    // The content is in the cache before the record names it.
    private string Record(string path)
    {
        RunningStages.CheckFree(_repository, path, isToBeWritten: false);
        var outer = _index.FindAround(path);
        var content = _options.SkipsCache ? _reader.Read(path)! : _reader.Keep(path);
        if (outer is not null && outer.Path != path)
        {
            content = Within(outer, path, content);
        }

        var output = outer?.Path ?? path;
        var file = outer is null ? null : _index.FileOf(outer);
        var record = outer?.Owner ?? path + ".dvc";
        var name = file is null ? output[(output.LastIndexOf('/') + 1)..] : RelativeTo(file.Folder, output);
        SafeFile.WriteText(Path.Combine(_repository.Root, record), DvcFile.TextWith(file, name, content, _options.Description));
        return record;
    }

    // A part of a tracked folder: the folder's other files stay as they were recorded.
    private Content Within(TrackedOutput outer, string path, Content part)
    {
        var manifest = _repository.Cache.ReadManifest(outer.Id!.Value, outer.IsLegacy)
            ?? throw new PipelineException($"the list of files of '{outer.Path}' is not in the cache; get it with hone fetch {outer.Owner}, or add the whole folder");
        var below = path[(outer.Path.Length + 1)..];
        var others = manifest.Entries.Where(entry => entry.Path != below && !entry.Path.StartsWith(below + "/", StringComparison.Ordinal)).ToList();
        var added = part.Manifest?.Entries.Select(entry => new ManifestEntry(below + "/" + entry.Path, entry.Id)) ?? [new ManifestEntry(below, part.Id)];
        var whole = Manifest.Of(others.Concat(added));
        if (!_options.SkipsCache)
        {
            _repository.Cache.Write(whole.Id, whole.Json.Span);
        }

        var size = part.Size + others.Sum(entry => Posix.Stat(_repository.Cache.PathOf(entry.Id, outer.IsLegacy), follow: true)?.Size ?? 0);
        return new Content(whole.Id, size, whole.Entries.Count, false, whole);
    }

    private async Task<IEnumerable<string>> IgnoreAsync(List<string> paths, CancellationToken cancellationToken)
    {
        if (Git.Of(_repository) is not { } git)
        {
            return [];
        }

        var outputs = paths.Where(path => (_index.FindAround(path) ?? null)?.Path is not { } outer || outer == path).ToList();
        var ignored = outputs.Count == 0 ? [] : await git.IgnoredAsync(outputs, cancellationToken);
        return [.. outputs.Where(path => !ignored.Contains(path)).Select(path => GitIgnoreFile.Add(_repository.Root, path)).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    // Where links are wanted, the files themselves become links to what the cache has now.
    private async Task LinkAsync(List<string> paths, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_options.SkipsCache || _repository.Cache.Options.Links[0] is not (LinkType.Hardlink or LinkType.Symlink))
        {
            return;
        }

        var index = RepositoryIndex.Read(_repository);
        await Checkout.RunAsync(
            _repository, paths.Select(index.FindAround).OfType<TrackedOutput>().Distinct(), new CheckoutOptions { IsRelinking = true }, time, cancellationToken);
    }

    private static string RelativeTo(string folder, string path) =>
        folder.Length == 0 ? path : Path.GetRelativePath("/" + folder, "/" + path);
}
