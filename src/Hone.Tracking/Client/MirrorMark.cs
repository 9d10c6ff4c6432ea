using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hone.Tracking.Client;

/// <summary>What of a study a server has: the file that says so.</summary>
internal sealed class MirrorMark
{
    private readonly string _path;

    private MirrorMark(string path, string study, int sessions)
    {
        _path = path;
        Study = study;
        Sessions = sessions;
    }

    /// <summary>Names the study on the server, so that two studies of one name are told apart.</summary>
    public string Study { get; }

    /// <summary>How many sessions are mirrored, or stand in spools.</summary>
    public int Sessions { get; }

    /// <summary>Reads the mark of a server in a study's folder; makes it if there is none.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static MirrorMark Read(string folder, string server)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)).AsSpan(0, 6));
        var path = Path.Combine(folder, $"mirror-{hash}.json");
        if (File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), SpoolJson.Default.MirroredSessions) is { } read)
        {
            return new MirrorMark(path, read.Study, read.Sessions);
        }

        var mark = new MirrorMark(path, Guid.NewGuid().ToString("n"), 0);
        mark.Write(0);
        return mark;
    }

    /// <summary>Says that so many sessions are mirrored.</summary>
    public void Write(int sessions)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var next = _path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(new MirroredSessions(Study, sessions), SpoolJson.Default.MirroredSessions));
        File.Move(next, _path, overwrite: true);
    }
}

/// <summary>The mark as it stands in its file.</summary>
/// <param name="Study">Names the study on the server.</param>
/// <param name="Sessions">How many sessions are mirrored.</param>
internal sealed record MirroredSessions(string Study, int Sessions);
