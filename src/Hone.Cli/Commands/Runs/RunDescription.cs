using System.Globalization;
using System.Runtime.InteropServices;

namespace Hone.Cli.Commands.Runs;

/// <summary>The tags that say what ran where.</summary>
internal static class RunDescription
{
    // What decides how a program runs on a machine, and is no secret.
    private static readonly string[] Usual =
    [
        "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV", "SLURM_JOB_ID", "SLURM_ARRAY_TASK_ID",
        "HONE_STUDY", "HONE_TRIAL",
    ];

    /// <summary>The tags of a command that is about to run here.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="variables">Names of further environment variables to keep.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public static async Task<Dictionary<string, string>> TagsAsync(
        IReadOnlyList<string> command, IReadOnlyList<string> variables, CancellationToken cancellationToken)
    {
        var python = SourceState.PythonAsync(command[0], cancellationToken);
        var tags = await SourceState.GitAsync(Environment.CurrentDirectory, cancellationToken);
        var line = string.Join(' ', SecretNames.Masked(command).Select(Quoted));
        tags["mlflow.source.name"] = line;
        tags["mlflow.source.type"] = "LOCAL";
        tags["hone.command"] = line;
        tags["hone.directory"] = Environment.CurrentDirectory;
        tags["hone.host"] = Environment.MachineName;
        tags["hone.os"] = $"{RuntimeInformation.OSDescription.Trim()} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        tags["hone.cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        tags["hone.dotnet"] = RuntimeInformation.FrameworkDescription;
        if (await python is { Length: > 0 } version)
        {
            tags["hone.python"] = version;
        }

        foreach (var name in Usual.Concat(variables))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                tags[$"hone.environment.{name}"] = value;
            }
        }

        return tags;
    }

    // As a shell would take it again.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,+@%*".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
