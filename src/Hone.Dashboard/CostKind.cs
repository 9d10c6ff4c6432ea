using Hone.Analysis.Replaying;

namespace Hone.Dashboard;

/// <summary>One kind of what trials cost, with how it is called and written.</summary>
public sealed class CostKind
{
    private readonly Func<Cost, double?> _amount;
    private readonly Func<CostShare, double?> _share;

    private CostKind(string name, string label, string unit, string head, Func<Cost, double?> amount, Func<CostShare, double?> share)
    {
        (Name, Label, Unit, Head) = (name, label, unit, head);
        (_amount, _share) = (amount, share);
    }

    /// <summary>Steps, CPU time, memory over time and energy.</summary>
    public static IReadOnlyList<CostKind> All { get; } =
    [
        new("steps", "steps", "steps", "steps saved", cost => cost.Steps, share => share.Steps),
        new("cpu_seconds", "CPU time", "CPU-s", "CPU-s saved", cost => cost.CpuSeconds, share => share.Cpu),
        new("megabyte_seconds", "memory over time", "MB-s", "MB-s saved", cost => cost.MegabyteSeconds, share => share.MegabyteSeconds),
        new("energy_joules", "energy", "J", "J saved", cost => cost.Joules, share => share.Joules),
    ];

    /// <summary>As in JSON.</summary>
    public string Name { get; }

    /// <summary>In words.</summary>
    public string Label { get; }

    /// <summary>The unit.</summary>
    public string Unit { get; }

    /// <summary>Of a column with what was saved.</summary>
    public string Head { get; }

    /// <summary>The amount; null where it was not measured.</summary>
    public double? Of(Cost cost) => _amount(cost);

    /// <summary>The share; null where there is none.</summary>
    public double? Of(CostShare share) => _share(share);

    /// <summary>An amount for a person, without its unit.</summary>
    public string Show(double amount) => Math.Abs(amount) >= 1000 || Name == "steps" ? Words.Count(amount) : Words.Number(Math.Round(amount, 2));
}
