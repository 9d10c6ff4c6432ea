using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Space;
using Hone.Tuning;

namespace Hone.Cli.AblationFiles;

/// <summary>What an ablation file says.</summary>
internal sealed record AblationFile
{
    /// <summary>Path of the file, as the user wrote it.</summary>
    public required string Path { get; init; }

    /// <summary>Name, objective, rules and budget of the study; its space and sampler come from the plan.</summary>
    public required Func<AblationPlan, Study> Study { get; init; }

    /// <summary>What to leave out.</summary>
    public required IReadOnlyList<AblationComponent> Components { get; init; }

    /// <summary>How.</summary>
    public required AblationOptions Options { get; init; }

    /// <summary>The study whose best trial is the base; null if the file says it all.</summary>
    public string? BestOf { get; init; }

    /// <summary>The parameters of the base that the file gives.</summary>
    public required IReadOnlyList<KeyValuePair<string, ParameterValue>> Base { get; init; }

    /// <summary>The metrics that tell what a component costs.</summary>
    public required IReadOnlyList<string> Costs { get; init; }

    /// <summary>How one trial is trained.</summary>
    public required Training Training { get; init; }

    /// <summary>Where trials run.</summary>
    public required LocalWorkers Workers { get; init; }

    /// <summary>The plan.</summary>
    /// <param name="best">The parameters of the best trial of <see cref="BestOf"/>; the file's own values come before them.</param>
    /// <exception cref="AblationPlanException">The plan cannot be carried out.</exception>
    public AblationPlan Plan(IEnumerable<KeyValuePair<string, ParameterValue>> best)
    {
        var values = new Dictionary<string, ParameterValue>(best, StringComparer.Ordinal);
        foreach (var (name, value) in Base)
        {
            values[name] = value;
        }

        return new AblationPlan(Components, Options, [.. values, new("evaluation", EvaluationHash.Of(Training, Options.Retune))]);
    }
}
