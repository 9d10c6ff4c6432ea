using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>The stages that a model's versions go through.</summary>
internal static class Stages
{
    private static readonly string[] All = ["None", "Staging", "Production", "Archived"];

    /// <summary>The name of a stage that is given in any case.</summary>
    /// <exception cref="TrackingException">There is none of that name.</exception>
    public static string Parse(string stage) =>
        Array.Find(All, name => name.Equals(stage, StringComparison.OrdinalIgnoreCase))
        ?? throw TrackingException.Invalid($"Invalid Model Version stage: {stage}. Value must be one of {string.Join(", ", All)}.");

    /// <summary>Refuses to archive for a stage that is none of those in which a model is used.</summary>
    /// <exception cref="TrackingException">It is such a stage.</exception>
    public static void CheckArchives(string stage)
    {
        if (stage is not ("Staging" or "Production"))
        {
            throw TrackingException.Invalid(
                $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. "
                + "Valid stages are Staging, Production");
        }
    }
}
