using System.Text;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Repositories;

/// <summary>The lines that keep tracked outputs out of Git: <c>/name</c> in the <c>.gitignore</c> beside the output.</summary>
public static class GitIgnoreFile
{
    /// <summary>Adds the line of an output, if it is not there.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="path">The output below the root.</param>
    /// <returns>The <c>.gitignore</c> below the root if it changed; null if not.</returns>
    public static string? Add(string root, string path)
    {
        var (file, line) = Entry(path);
        var text = SafeFile.ReadText(Path.Combine(root, file)) ?? "";
        if (text.Split('\n').Any(existing => existing.TrimEnd('\r') == line))
        {
            return null;
        }

        SafeFile.WriteText(Path.Combine(root, file), text + (text.Length > 0 && text[^1] != '\n' ? "\n" : "") + line + "\n");
        return file;
    }

    /// <summary>Takes the line of an output out, and the file with it if nothing is left.</summary>
    /// <returns>The <c>.gitignore</c> below the root if it changed; null if not.</returns>
    public static string? Remove(string root, string path)
    {
        var (file, line) = Entry(path);
        var full = Path.Combine(root, file);
        if (SafeFile.ReadText(full) is not { } text)
        {
            return null;
        }

        var lines = text.Split('\n').ToList();
        if (lines.RemoveAll(existing => existing.TrimEnd('\r') == line) == 0)
        {
            return null;
        }

        if (lines.TrueForAll(string.IsNullOrEmpty))
        {
            Posix.Unlink(full);
        }
        else
        {
            SafeFile.WriteText(full, string.Join('\n', lines));
        }

        return file;
    }

    private static (string File, string Line) Entry(string path)
    {
        var slash = path.LastIndexOf('/');
        return (slash < 0 ? ".gitignore" : path[..slash] + "/.gitignore", "/" + Escaped(path[(slash + 1)..]));
    }

    // Characters with a meaning in patterns, and a blank at the end, get a backslash.
    private static string Escaped(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is '*' or '?' or '[' or ']' or '!' or '#' or '\\' || (name[i] == ' ' && i == name.Length - 1))
            {
                text.Append('\\');
            }

            text.Append(name[i]);
        }

        return text.ToString();
    }
}
