using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Space;

namespace Hone.Cli.AblationFiles;

/// <summary>Reads <c>retune:</c>, how every arm is tuned anew.</summary>
internal sealed class RetuneReader(Findings findings)
{
    private static readonly string[] Keys = ["trials", "sampler", "space"];

    /// <summary>The tuning with the place of its space; null if something is wrong with it.</summary>
    /// <param name="field">The mapping.</param>
    /// <param name="baseValues">What the file gives the base: it must not be tuned too.</param>
    public (ArmTuning Tuning, Field Space)? Read(Field field, IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues)
    {
        if (Section.Open(field, findings, Keys) is not { } section)
        {
            return null;
        }

        var trials = section.Require("trials", "how many trials each arm gets with each seed")?.Whole(findings, 2, 100_000);
        var sampler = section["sampler"] is { } named ? new SamplerReader(findings).Read(named) : SamplerReader.Usual;
        if (section.Require("space", "what to tune, as in a study file") is not { } at || new SpaceReader(findings).Read(at, out var names) is not { } space)
        {
            return null;
        }

        foreach (var name in names.Where(name => baseValues.Any(value => value.Key == name)))
        {
            findings.Add(at, $"'{name}' is tuned, and stands in base too; drop one");
        }

        foreach (var name in names.Where(ComponentReader.IsJudging))
        {
            findings.Add(at, $"'{name}' decides how arms are judged, and must be the same in all of them");
        }

        try
        {
            return trials is null || sampler is null ? null : (new ArmTuning(space, (int)trials, sampler), at);
        }
        catch (AblationPlanException wrong)
        {
            findings.Add(section["sampler"]!.Value, wrong.Message);
            return null;
        }
    }
}
