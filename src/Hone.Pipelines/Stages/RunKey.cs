using System.Security.Cryptography;
using System.Text;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>The names under which the run cache keeps a run: what went in, and what came out.</summary>
/// <remarks>
/// SHA-256 of the record as Python's <c>json.dumps(…, sort_keys=True)</c> writes it, without sizes and numbers of files; what went in has
/// only the paths of the outputs.
/// </remarks>
internal static class RunKey
{
    /// <summary>The folder of all runs of a command on the same dependencies and parameters.</summary>
    public static string Inputs(LockedStage stage) => Hash(stage.ToValue(hasSizes: false, hasOutputIds: false));

    /// <summary>The file of one of them.</summary>
    public static string Result(LockedStage stage) => Hash(stage.ToValue(hasSizes: false));

    private static string Hash(ValueMap value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(JsonText.Write(value, isSorted: true))));
}
