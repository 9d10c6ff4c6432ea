namespace Hone.Pipelines.Files;

/// <summary>One line of a <c>.gitignore</c> or <c>.dvcignore</c>, by Git's rules.</summary>
internal sealed class IgnorePattern
{
    private readonly string _glob;
    private readonly bool _isAnchored;
    private readonly bool _isForFolders;

    private IgnorePattern(string glob, bool isAnchored, bool isForFolders, bool isExcept)
    {
        _glob = glob;
        _isAnchored = isAnchored;
        _isForFolders = isForFolders;
        IsExcept = isExcept;
    }

    /// <summary>Whether what it matches is not ignored after all.</summary>
    public bool IsExcept { get; }

    /// <summary>Reads a line; null for one that is empty or a comment.</summary>
    public static IgnorePattern? Read(string line)
    {
        var text = line.TrimEnd('\r', '\n');
        while (text.EndsWith(' ') && !text.EndsWith("\\ ", StringComparison.Ordinal))
        {
            text = text[..^1];
        }

        if (text.Length == 0 || text[0] == '#')
        {
            return null;
        }

        var isExcept = text[0] == '!';
        text = isExcept ? text[1..] : text;
        var isForFolders = text.EndsWith('/');
        text = isForFolders ? text.TrimEnd('/') : text;
        var isAnchored = text.Contains('/', StringComparison.Ordinal);
        return text.Length == 0 ? null : new IgnorePattern(text.TrimStart('/'), isAnchored, isForFolders, isExcept);
    }

    /// <summary>Whether it matches a path.</summary>
    /// <param name="path">Below the folder of the file that the line stands in, with <c>/</c>.</param>
    /// <param name="isFolder">Whether the path is a folder.</param>
    public bool Matches(ReadOnlySpan<char> path, bool isFolder) =>
        (isFolder || !_isForFolders) && Matches(_glob, _isAnchored ? path : path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>Whether a glob with <c>*</c>, <c>?</c>, <c>[a-z]</c> and <c>**</c> matches a whole path.</summary>
    public static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> path)
    {
        while (!glob.IsEmpty)
        {
            switch (glob[0])
            {
                case '*':
                    return MatchesStar(glob, path);
                case '\\' when glob.Length > 1:
                    if (path.IsEmpty || path[0] != glob[1])
                    {
                        return false;
                    }

                    glob = glob[2..];
                    break;
                case '[' when ClassEnd(glob) is > 0 and var end:
                    if (path.IsEmpty || path[0] == '/' || !IsInClass(glob[1..end], path[0]))
                    {
                        return false;
                    }

                    glob = glob[(end + 1)..];
                    break;
                default:
                    if (path.IsEmpty || (glob[0] == '?' ? path[0] == '/' : path[0] != glob[0]))
                    {
                        return false;
                    }

                    glob = glob[1..];
                    break;
            }

            path = path[1..];
        }

        return path.IsEmpty;
    }

    private static bool MatchesStar(ReadOnlySpan<char> glob, ReadOnlySpan<char> path)
    {
        var isDeep = glob.StartsWith("**", StringComparison.Ordinal) && (glob.Length == 2 || glob[2] == '/');
        if (isDeep && glob.Length > 2)
        {
            // "**/" stands for no folder or any number of them.
            for (var rest = path; ; rest = rest[(rest.IndexOf('/') + 1)..])
            {
                if (Matches(glob[3..], rest))
                {
                    return true;
                }

                if (rest.IndexOf('/') < 0)
                {
                    return false;
                }
            }
        }

        glob = glob.TrimStart('*');
        for (var taken = 0; ; taken++)
        {
            if (Matches(glob, path[taken..]))
            {
                return true;
            }

            if (taken == path.Length || (path[taken] == '/' && !isDeep))
            {
                return false;
            }
        }
    }

    private static int ClassEnd(ReadOnlySpan<char> glob)
    {
        var first = glob.Length > 1 && glob[1] is '!' or '^' ? 2 : 1;
        var end = first < glob.Length ? glob[(first + 1)..].IndexOf(']') : -1;
        return end < 0 ? -1 : first + 1 + end;
    }

    private static bool IsInClass(ReadOnlySpan<char> members, char c)
    {
        var isInverse = members[0] is '!' or '^';
        members = isInverse ? members[1..] : members;
        var isIn = false;
        for (var i = 0; i < members.Length; i++)
        {
            if (i + 2 < members.Length && members[i + 1] == '-')
            {
                isIn |= c >= members[i] && c <= members[i + 2];
                i += 2;
            }
            else
            {
                isIn |= c == members[i];
            }
        }

        return isIn != isInverse;
    }
}
