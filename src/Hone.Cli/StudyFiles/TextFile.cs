using System.Globalization;
using System.Text;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads the files that users write: text in UTF-8 of a size that a person may have written.</summary>
internal static class TextFile
{
    private const int LargestBytes = 1_000_000;

    /// <summary>Reads a file; null, with a finding, if it cannot be read or is no text.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="kind">What the file is, for messages, e.g. <c>study file</c>.</param>
    public static string? Load(string path, Findings findings, string kind)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestBytes)
            {
                var megabytes = (stream.Length / 1e6).ToString("0.#", CultureInfo.InvariantCulture);
                findings.AddToFile(1, 1, $"holds {megabytes} MB; expected a {kind} of at most 1 MB");
                return null;
            }

            using var content = new MemoryStream();
            stream.CopyTo(content);
            return Decode(content.ToArray(), findings);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            findings.AddToFile(1, 1, $"there is no such file{Neighbour(path)}");
        }
        catch (UnauthorizedAccessException)
        {
            findings.AddToFile(1, 1, Directory.Exists(path) ? "is a directory; expected a file" : "may not be read by this user");
        }
        catch (IOException wrong)
        {
            findings.AddToFile(1, 1, $"cannot be read: {wrong.Message}");
        }

        return null;
    }

    private static string? Decode(byte[] content, Findings findings)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        try
        {
            var text = strict.GetString(content.AsSpan(content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0));
            if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
            {
                findings.AddToFile(text.AsSpan(0, zero).Count('\n') + 1, 1, "a zero byte stands here; expected text in UTF-8");
                return null;
            }

            return text;
        }
        catch (DecoderFallbackException wrong)
        {
            var before = content.AsSpan(0, Math.Clamp(wrong.Index, 0, content.Length));
            findings.AddToFile(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'), "not UTF-8; save the file as UTF-8");
            return null;
        }
    }

    private static string Neighbour(string path)
    {
        var directory = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (!Directory.Exists(directory))
        {
            return "";
        }

        var names = Directory.EnumerateFiles(directory, "*.yaml").Select(file => Path.GetFileName(file)!).Take(1000);
        return Spelling.Nearest(Path.GetFileName(path), names) is { } near ? $"; did you mean '{Path.Combine(Path.GetDirectoryName(path) ?? "", near)}'?" : "";
    }
}
