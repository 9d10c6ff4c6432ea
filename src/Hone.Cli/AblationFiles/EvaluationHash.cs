using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hone.Ablation;
using Hone.Cli.StudyFiles;

namespace Hone.Cli.AblationFiles;

/// <summary>A short text that is the same as long as trials are trained on the same data and judged in the same way.</summary>
/// <remarks>
/// It stands in the plan's space as a constant, so that a plan does not go on with other data, and arms from before and after are never
/// compared. A learner's is made of its settings, the data's file and the network's; a program's of its command alone. Where arms are tuned
/// anew, the budget and the sampler are in it too.
/// </remarks>
internal static class EvaluationHash
{
    /// <summary>Twelve hexadecimal digits.</summary>
    public static string Of(Training training, ArmTuning? retune)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (training is CommandTraining command)
        {
            Add(hash, command.Command);
        }

        KeyValuePair<string, string>[] settings = [.. (training as LearnerTraining)?.Settings ?? []];
        foreach (var (name, value) in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, value);
            if (name is "data" or "model" && Path.GetFullPath(value, training.Directory) is var file && File.Exists(file))
            {
                using var stream = File.OpenRead(file);
                hash.AppendData(SHA256.HashData(stream));
            }
        }

        if (retune is not null)
        {
            Add(hash, string.Create(CultureInfo.InvariantCulture, $"{retune.Trials} {retune.Sampler}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
