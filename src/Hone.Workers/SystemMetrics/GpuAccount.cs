namespace Hone.Workers.SystemMetrics;

/// <summary>Divides what one GPU does among the trials.</summary>
/// <remarks>
/// <para>A trial uses the GPU if the driver lists one of its processes. In a container the driver may list the host's numbers, XX of the listed numbers is a trial's, the trials that hold the device file open are its users.</para>
/// <para>Memory is what the driver says of the trial's processes. If it does not say, or the numbers are the host's, a trial that is the only
/// user gets the memory in use less what was in use when no trial used the GPU. With several users it is unknown.</para>
/// <para>Utilisation is what the driver sampled of the trial's processes; without samples the only user gets the GPU's own figure.</para>
/// <para>The energy of an interval, idle power included, is divided by sampled utilisation among the users, strangers counted too, and evenly
/// where there are no samples.</para>
/// </remarks>
internal sealed class GpuAccount
{
    private const long Noticeable = 50_000_000; // what a context takes at least

    private double? _energyJoules;
    private long? _idleBytes;
    private bool _used;

    /// <summary>Divides the time since the last reading.</summary>
    /// <param name="reading">The GPU now.</param>
    /// <param name="owner">The trial that a process belongs to, from 0; -1 for a stranger's.</param>
    /// <param name="holders">The trials that hold the device open; asked only where process numbers say nothing.</param>
    /// <param name="uses">Gets each trial's use.</param>
    public void Divide(GpuReading reading, Func<int, int> owner, Func<int, IReadOnlyList<int>> holders, Span<DeviceUse> uses)
    {
        var energy = reading.EnergyJoules - _energyJoules;
        _energyJoules = reading.EnergyJoules ?? _energyJoules;
        var processes = reading.Processes ?? [];
        var owners = Array.ConvertAll(processes, process => owner(process.Id));
        var known = Array.Exists(owners, one => one >= 0);
        _idleBytes ??= known ? 0 : reading.UsedBytes;
        var users = known ? [.. owners.Where(one => one >= 0).Distinct()]
            : processes.Length > 0 || reading.UsedBytes > _idleBytes + Noticeable ? holders(reading.Minor) : [];
        var strangers = known ? owners.Count(one => one < 0) : 0;
        var alone = users.Count == 1 && strangers == 0;
        if (users.Count == 0)
        {
            _used = false;
            _idleBytes = reading.UsedBytes;
            return;
        }

        if (!_used)
        {
            energy = null; // The trial came some time in this interval: what was used before is not its own.
        }

        _used = true;
        var shares = Shares(reading, owner, users, alone);
        var all = shares.Sum() + (known ? StrangersPercent(reading, owner) : 0);
        for (var i = 0; i < users.Count; i++)
        {
            uses[users[i]] += new DeviceUse(
                double.IsNaN(shares[i]) ? null : shares[i],
                known && Memory(processes, owners, users[i]) is { } memory ? memory : alone ? reading.UsedBytes - _idleBytes : null,
                energy * (all > 0 ? shares[i] / all : 1.0 / (users.Count + strangers)));
        }
    }

    /// <summary>Forgets the energy so far.</summary>
    public void Restart() => _energyJoules = null;

    // NaN where unknown, so that a sum with it is not above zero either.
    private static double[] Shares(GpuReading reading, Func<int, int> owner, IReadOnlyList<int> users, bool alone)
    {
        var sampled = reading.Shares is { } samples && Array.Exists(samples, share => owner(share.Id) >= 0);
        return
        [
            .. users.Select(user => sampled ? reading.Shares!.Where(share => owner(share.Id) == user).Sum(share => share.Percent)
                : alone ? reading.BusyPercent ?? double.NaN : double.NaN),
        ];
    }

    private static double StrangersPercent(GpuReading reading, Func<int, int> owner) =>
        reading.Shares?.Where(share => owner(share.Id) < 0).Sum(share => share.Percent) ?? 0;

    private static double? Memory(GpuProcess[] processes, int[] owners, int user)
    {
        double? sum = null;
        for (var i = 0; i < processes.Length; i++)
        {
            if (owners[i] == user && processes[i].MemoryBytes is { } bytes)
            {
                sum = (sum ?? 0) + bytes;
            }
        }

        return sum;
    }
}
