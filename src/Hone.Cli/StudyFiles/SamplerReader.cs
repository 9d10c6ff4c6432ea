using Hone.Sampling;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>sampler:</c>, a name or a name with settings.</summary>
internal sealed class SamplerReader(Findings findings)
{
    private static readonly string[] Names = ["tpe", "random", "sobol", "grid"];
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["tpe"] = ["seed", "multivariate", "startup_trials", "candidates"],
        ["random"] = ["seed"],
        ["sobol"] = ["seed", "scramble"],
        ["grid"] = ["points"],
    };

    /// <summary>The sampler of a study that names none.</summary>
    public static SamplerOptions Usual => new TpeOptions();

    /// <summary>The sampler; null if something is wrong with it.</summary>
    public SamplerOptions? Read(Field field)
    {
        if (field.Node is YamlText)
        {
            return field.Word(findings, Names) is { } name ? Create(name, Empty(field)) : null;
        }

        if (Section.Open(field, findings, Names) is not { } section)
        {
            return null;
        }

        if (section.Keys.Count != 1)
        {
            if (section.Keys.Count > 1 || field.Node is YamlMap { Entries.Count: 0 })
            {
                findings.Add(field, $"{section.Keys.Count} samplers; expected one of {NearestName.Choices(Names)}");
            }

            return null;
        }

        var chosen = section.Keys.First();
        var settings = section[chosen]!.Value;
        return Create(chosen, settings.IsNothing ? Empty(settings) : settings);
    }

    private SamplerOptions? Create(string name, Field field)
    {
        if (Section.Open(field, findings, Keys[name]) is not { } settings)
        {
            return null;
        }

        var seed = (int?)settings["seed"]?.Whole(findings, 0, int.MaxValue);
        return name switch
        {
            "tpe" => Tpe(settings) with { Seed = seed },
            "sobol" => new SobolOptions { Seed = seed, Scramble = settings["scramble"]?.Flag(findings) ?? true },
            "grid" => new GridOptions { PointsPerContinuous = (int?)settings["points"]?.Whole(findings, 2, 1_000_000) },
            _ => new RandomOptions { Seed = seed },
        };
    }

    private TpeOptions Tpe(Section settings)
    {
        var usual = new TpeOptions();
        return new TpeOptions
        {
            Multivariate = settings["multivariate"]?.Flag(findings) ?? usual.Multivariate,
            StartupTrials = (int)(settings["startup_trials"]?.Whole(findings, 1, 1_000_000) ?? usual.StartupTrials),
            Candidates = (int)(settings["candidates"]?.Whole(findings, 1, 1_000_000) ?? usual.Candidates),
        };
    }

    private static Field Empty(Field field) => field with { Node = new YamlMap(field.Node.Line, field.Node.Column, []) };
}
