using System.Globalization;

namespace Hone.Workers.Processes;

/// <summary>Where one trial writes; all its attempts share it.</summary>
internal sealed class TrialDirectory(string studyDirectory, int trial)
{
    private readonly string _path = Path.Combine(
        studyDirectory, string.Create(CultureInfo.InvariantCulture, $"trial-{trial:00000}"));

    public string Log => Path.Combine(_path, "log.txt");

    public string Checkpoints => Path.Combine(_path, "checkpoints");

    public string Artifacts => Path.Combine(_path, "artifacts");

    public void Create()
    {
        Directory.CreateDirectory(Checkpoints);
        Directory.CreateDirectory(Artifacts);
    }
}
