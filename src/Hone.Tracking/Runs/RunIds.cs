using System.Globalization;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>What clients call runs: the store's prefix, then the run's key, both as 16 hexadecimal digits.</summary>
/// <param name="prefix">The store's prefix.</param>
internal sealed class RunIds(string prefix)
{
    // Runs made by clients are numbered from here, so that they never take a number that a tuner gives a trial.
    public const long FirstClientNumber = 0x8000_0000;

    private const int Digits = 16;

    /// <summary>The ids of a store's runs.</summary>
    public static RunIds Read(Database database)
    {
        using var prefix = database.Prepare("SELECT run_prefix FROM store");
        prefix.Step();
        return new RunIds(prefix.Text(0)!);
    }

    /// <summary>The id of a run.</summary>
    public string Of(long run) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{run:x16}");

    /// <summary>The key of a run; false if no run of this store can have the id.</summary>
    public bool TryParse(string id, out long run)
    {
        run = 0;
        return id.Length == prefix.Length + Digits
            && id.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out run)
            && run >= 0;
    }

    /// <summary>The experiment of a run.</summary>
    public static long ExperimentOf(long run) => run >> 32;
}
