namespace Hone.Ablation;

/// <summary>Which arms a plan has.</summary>
public enum AblationDesign
{
    /// <summary>The base, and the base without each component: n + 1 arms.</summary>
    OneOut,

    /// <summary>Nothing, and each component by itself: n + 1 arms.</summary>
    OneIn,

    /// <summary>One out, and every two out, for interactions: 1 + n + n (n - 1) / 2 arms.</summary>
    Pairs,

    /// <summary>Every subset: 2^n arms. Effects and interactions are means over all that the others may be.</summary>
    Factorial,

    /// <summary>A fraction of them of resolution IV: effects are not mixed up with interactions of two, but those with one another.</summary>
    Fractional,

    /// <summary>From everything at its default to the base, adding at each step what helps most (Fawcett and Hoos 2016).</summary>
    Path,
}

/// <summary>Makes the arms and the contrasts of designs.</summary>
internal static class Designs
{
    /// <summary>The arms of a design, the one that the others are compared with first.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Arms(AblationDesign design, int components)
    {
        int[] all = [.. Enumerable.Range(0, components)];
        return design switch
        {
            AblationDesign.OneOut => [[], .. all.Select(i => (int[])[i])],
            AblationDesign.OneIn => [all, .. all.Select(i => all.Where(j => j != i).ToArray())],
            AblationDesign.Pairs => [[], .. all.Select(i => (int[])[i]), .. Couples(components).Select(pair => (int[])[pair.First, pair.Second])],
            AblationDesign.Fractional => Runs(Words(components)),
            _ => Runs([.. all.Select(i => 1 << i)]),
        };
    }

    /// <summary>What a design can answer.</summary>
    public static IReadOnlyList<AblationContrast> Contrasts(AblationDesign design, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> arms)
    {
        var components = names.Count;
        var couples = Couples(components);
        AblationContrast Effect(int i, IReadOnlyList<(int, double)> weights) => new(names[i], [i], weights);
        AblationContrast Both((int First, int Second) pair, IReadOnlyList<(int, double)> weights) =>
            new($"{names[pair.First]} and {names[pair.Second]}", [pair.First, pair.Second], weights);
        double Sign(IReadOnlyList<int> arm, int component) => arm.Contains(component) ? 1 : -1;
        return design switch
        {
            AblationDesign.Path => [],
            AblationDesign.OneOut => [.. Enumerable.Range(0, components).Select(i => Effect(i, [(i + 1, 1), (0, -1)]))],
            AblationDesign.OneIn => [.. Enumerable.Range(0, components).Select(i => Effect(i, [(0, 1), (i + 1, -1)]))],
            AblationDesign.Pairs =>
            [
                .. Enumerable.Range(0, components).Select(i => Effect(i, [(i + 1, 1), (0, -1)])),
                .. couples.Select((pair, k) => Both(pair, [(components + 1 + k, 1), (pair.First + 1, -1), (pair.Second + 1, -1), (0, 1)])),
            ],
            _ =>
            [
                .. Enumerable.Range(0, components).Select(i => Effect(i, [.. arms.Select((arm, a) => (a, 2 * Sign(arm, i) / arms.Count))])),
                .. (design == AblationDesign.Factorial ? couples : []).Select(pair =>
                    Both(pair, [.. arms.Select((arm, a) => (a, 4 * Sign(arm, pair.First) * Sign(arm, pair.Second) / arms.Count))])),
            ],
        };
    }

    private static IReadOnlyList<(int First, int Second)> Couples(int components) =>
        [.. Enumerable.Range(0, components).SelectMany(i => Enumerable.Range(i + 1, components - i - 1).Select(j => (i, j)))];

    // Run r leaves a component out if r and the component's word have an odd number of ones in common. Words of an odd number of ones: no
    // three of them cancel, which is resolution IV.
    private static int[] Words(int components)
    {
        var bits = 1;
        while (1 << (bits - 1) < components)
        {
            bits++;
        }

        return [.. Enumerable.Range(1, (1 << bits) - 1).Where(word => int.PopCount(word) % 2 == 1).OrderBy(int.PopCount).Take(components)];
    }

    private static IReadOnlyList<IReadOnlyList<int>> Runs(int[] words)
    {
        var runs = 1 << (32 - int.LeadingZeroCount(words.Max()));
        return [.. Enumerable.Range(0, runs).Select(run => words.Index().Where(w => int.PopCount(run & w.Item) % 2 == 1).Select(w => w.Index).ToArray())];
    }
}
