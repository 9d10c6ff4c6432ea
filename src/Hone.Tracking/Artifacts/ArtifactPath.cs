using System.Text;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Artifacts;

/// <summary>Reads the paths that clients name files by. None leads out of the folder, however it is written.</summary>
internal static class ArtifactPath
{
    /// <summary>The name, in the server's folder, that nothing of a client can have.</summary>
    public const string Reserved = ".uploads";

    // What file systems take: 255 bytes a name, 4,096 a path, of which the folder's own needs some.
    private const int MostBytesInName = 255;
    private const int MostBytes = 3_000;

    // No client encodes more than twice.
    private const int MostEncodings = 8;

    // Some file systems give devices and other streams of a file names that look like files.
    private static readonly char[] NotInNames = Path.GetInvalidFileNameChars();

    /// <summary>A path relative to the folder, with <c>/</c> between names; empty for the folder itself.</summary>
    /// <param name="path">The path as the client names it, decoded once; it may end in a slash.</param>
    /// <exception cref="TrackingException">It leads elsewhere or may do so once it is decoded again, or no file can have it.</exception>
    public static string Parse(string path)
    {
        CheckAllDecodings(path);
        var plain = path.EndsWith('/') ? path[..^1] : path;
        if (plain.Length == 0)
        {
            return "";
        }

        if (Encoding.UTF8.GetByteCount(plain) > MostBytes)
        {
            throw Invalid(path, "it is too long");
        }

        foreach (var name in plain.Split('/'))
        {
            if (name is "" or "." || name.IndexOfAny(NotInNames) >= 0 || HasLoneSurrogate(name))
            {
                throw Invalid(path, $"'{name}' is no file's name");
            }

            if (Encoding.UTF8.GetByteCount(name) > MostBytesInName)
            {
                throw Invalid(path, "a name in it is too long");
            }
        }

        return plain.Equals(Reserved, StringComparison.OrdinalIgnoreCase) || plain.StartsWith(Reserved + "/", StringComparison.OrdinalIgnoreCase)
            ? throw Invalid(path, "it is the server's own")
            : plain;
    }

    /// <summary>A path under another one, e.g. one that a client names relative to a run.</summary>
    /// <param name="folder">The path above.</param>
    /// <param name="path">The path below, which never leads out of the one above.</param>
    /// <exception cref="TrackingException">One of them is none.</exception>
    public static string Under(string folder, string path) =>
        (Parse(folder), Parse(path)) switch
        {
            ("", var below) => below,
            (var above, "") => above,
            var (above, below) => $"{above}/{below}",
        };

    // Whoever decodes once more than this server must not get elsewhere either.
    private static void CheckAllDecodings(string path)
    {
        var text = path;
        for (var i = 0; i < MostEncodings; i++)
        {
            Check(path, text);
            var decoded = Uri.UnescapeDataString(text);
            if (decoded == text)
            {
                return;
            }

            text = decoded;
        }

        throw Invalid(path, "it is encoded too often");
    }

    private static void Check(string path, string text)
    {
        if (text.StartsWith('/') || text.Contains('\\', StringComparison.Ordinal) || text is [_, ':', ..] && char.IsAsciiLetter(text[0]))
        {
            throw Invalid(path, "it must be relative, with '/' between names");
        }

        if (text.Any(char.IsControl))
        {
            throw Invalid(path, "it has control characters");
        }

        if (text.Split('/').Any(name => name.AsSpan().TrimEnd(' ').SequenceEqual("..")))
        {
            throw Invalid(path, "it has '..'");
        }
    }

    private static bool HasLoneSurrogate(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]))
            {
                if (!char.IsSurrogatePair(name, i))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    private static TrackingException Invalid(string path, string why) =>
        TrackingException.Invalid($"Invalid path: '{(path.Length <= 250 ? path : path[..250] + "…")}': {why}.");
}
