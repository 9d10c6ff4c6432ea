namespace Hone.Pipelines.Files;

/// <summary>What is ignored in one folder and below: the lines of its ignore file and of those above. Immutable.</summary>
internal sealed class IgnoreScope
{
    private readonly IgnoreScope? _above;
    private readonly string _folder;
    private readonly IgnorePattern[] _patterns;

    private IgnoreScope(IgnoreScope? above, string folder, IgnorePattern[] patterns)
    {
        _above = above;
        _folder = folder;
        _patterns = patterns;
    }

    /// <summary>Whether there is any rule here.</summary>
    public bool HasRules => _patterns.Length > 0 || _above is { HasRules: true };

    /// <summary>The scope of a repository's root.</summary>
    /// <param name="root">The root's absolute path.</param>
    /// <param name="file">The name of the files with the lines: <c>.dvcignore</c> or <c>.gitignore</c>.</param>
    public static IgnoreScope OfRoot(string root, string file) => new IgnoreScope(null, "", []).Enter(root, "", file, exists: true);

    /// <summary>The scope of a folder in the repository, with all ignore files on the way to it.</summary>
    /// <param name="root">The root's absolute path.</param>
    /// <param name="folder">Below the root, with <c>/</c>; empty for the root.</param>
    /// <param name="file">The name of the files with the lines.</param>
    public static IgnoreScope Of(string root, string folder, string file)
    {
        var scope = OfRoot(root, file);
        for (var end = folder.IndexOf('/', StringComparison.Ordinal); folder.Length > 0; end = folder.IndexOf('/', end + 1))
        {
            scope = scope.Enter(root, end < 0 ? folder : folder[..end], file, exists: true);
            if (end < 0)
            {
                break;
            }
        }

        return scope;
    }

    /// <summary>The scope of a folder within this one.</summary>
    /// <param name="root">The root's absolute path.</param>
    /// <param name="folder">The folder below the root.</param>
    /// <param name="file">The name of the file with the lines.</param>
    /// <param name="exists">False if it is known that there is no such file.</param>
    public IgnoreScope Enter(string root, string folder, string file, bool exists)
    {
        var text = exists ? SafeFile.ReadText(Path.Combine(root, folder, file)) : null;
        var patterns = text?.Split('\n').Select(IgnorePattern.Read).OfType<IgnorePattern>().ToArray();
        return patterns is { Length: > 0 } ? new IgnoreScope(this, folder, patterns) : this;
    }

    /// <summary>Whether a path is ignored; the folders above it are not looked at.</summary>
    /// <param name="path">Below the root, with <c>/</c>.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool Ignores(ReadOnlySpan<char> path, bool isFolder)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (IsAlwaysIgnored(name))
        {
            return true;
        }

        for (var scope = this; scope is not null; scope = scope._above)
        {
            var below = scope._folder.Length == 0 ? path : path[(scope._folder.Length + 1)..];
            for (var i = scope._patterns.Length - 1; i >= 0; i--)
            {
                if (scope._patterns[i].Matches(below, isFolder))
                {
                    return !scope._patterns[i].IsExcept;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a path or a folder above it is ignored.</summary>
    public static bool IgnoresAnywhere(string root, string path, bool isFolder, string file)
    {
        var scope = OfRoot(root, file);
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (scope.Ignores(path.AsSpan(0, end), isFolder: true))
            {
                return true;
            }

            scope = scope.Enter(root, path[..end], file, exists: true);
        }

        return scope.Ignores(path, isFolder);
    }

    /// <summary>Whether a name is ignored without any rule: the folders of DVC, Git and Mercurial, and temporary files.</summary>
    public static bool IsAlwaysIgnored(ReadOnlySpan<char> name) =>
        name.Length > 2 && name[0] == '.' && (name is ".dvc" or ".git" or ".hg" || SafeFile.IsTemporary(name));
}
