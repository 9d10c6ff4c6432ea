using Hone.Pipelines.Files;

namespace Hone.Pipelines.Workspaces;

/// <summary>Lists the files of a folder that count as its content: one pass, in the order of a manifest.</summary>
/// <remarks>What <c>.dvcignore</c> names is left out, and so are links to folders; a link to a file counts as that file.</remarks>
internal sealed class TreeWalk
{
    private const string IgnoreFile = ".dvcignore";
    private readonly string _root;
    private readonly string _top;
    private readonly List<TreeFile> _files = [];

    private TreeWalk(string root, string top)
    {
        _root = root;
        _top = top;
    }

    /// <summary>Lists the files of a folder.</summary>
    /// <param name="root">The repository's root, absolute; the ignore files on the way from there count.</param>
    /// <param name="folder">The folder below the root, with <c>/</c>.</param>
    /// <exception cref="PipelineException">A link points to nothing, or a folder cannot be listed.</exception>
    public static List<TreeFile> Files(string root, string folder)
    {
        var walk = new TreeWalk(root, folder);
        var above = folder.LastIndexOf('/') is >= 0 and var slash ? folder[..slash] : "";
        walk.Visit("", IgnoreScope.Of(root, above, IgnoreFile));
        return walk._files;
    }

    // Paths are below the top folder; those that rules of .dvcignore speak of are below the root, and made only where there are rules.
    private void Visit(string folder, IgnoreScope scope)
    {
        var whole = Whole(folder);
        if (FolderReader.Read(Path.Combine(_root, whole)) is not { } entries)
        {
            return;
        }

        scope = scope.Enter(_root, whole, IgnoreFile, entries.Exists(entry => entry.Name == IgnoreFile));

        // A folder's files come where "name/" stands, so that whole paths are in order: a-b, a.b, a/b.
        entries.Sort(static (a, b) => Order(a, b));
        foreach (var entry in entries)
        {
            var path = folder.Length == 0 ? entry.Name : string.Concat(folder, "/", entry.Name);
            var isFolder = entry.IsFolder || (entry.IsUnknown && Posix.Stat(Path.Combine(_root, Whole(path))) is { IsFolder: true });
            if (scope.HasRules ? scope.Ignores(Whole(path), isFolder) : IgnoreScope.IsAlwaysIgnored(entry.Name))
            {
                continue;
            }

            if (isFolder)
            {
                Visit(path, scope);
            }
            else if (!entry.IsLink || !IsLinkToFolder(Whole(path)))
            {
                _files.Add(new TreeFile(path));
            }
        }
    }

    private string Whole(string path) => _top.Length == 0 ? path : path.Length == 0 ? _top : string.Concat(_top, "/", path);

    private bool IsLinkToFolder(string path) => Posix.Stat(Path.Combine(_root, path), follow: true) is { } target
        ? target.IsFolder
        : throw new PipelineException($"'{path}' is a link to nothing; remove it, or name it in .dvcignore");

    private static int Order(in FolderEntry a, in FolderEntry b)
    {
        var same = a.Name.AsSpan().CommonPrefixLength(b.Name);
        if (same < a.Name.Length && same < b.Name.Length)
        {
            return PathText.Compare(a.Name, b.Name);
        }

        var next = (same < a.Name.Length ? a.Name[same] : a.IsFolder ? '/' : '\0') - (same < b.Name.Length ? b.Name[same] : b.IsFolder ? '/' : '\0');
        return next != 0 ? next : a.Name.Length - b.Name.Length;
    }
}
