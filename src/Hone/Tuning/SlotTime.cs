namespace Hone.Tuning;

/// <summary>Counts how long slots were taken while there was something left to start.</summary>
internal sealed class SlotTime(int slots)
{
    private DateTimeOffset _began;
    private DateTimeOffset? _ended;
    private DateTimeOffset _changed;
    private double _takenSeconds;
    private int _taken;

    public void Begin(DateTimeOffset now) => _began = _changed = now;

    public void Take(DateTimeOffset now) => Change(now, 1);

    public void Release(DateTimeOffset now) => Change(now, -1);

    /// <summary>Nothing more will be started; what still runs is not counted.</summary>
    public void End(DateTimeOffset now)
    {
        if (_ended is null)
        {
            Change(now, 0);
            _ended = now;
        }
    }

    /// <summary>Taken time over available time, from 0 to 1; 1 if no time has passed.</summary>
    public double Utilization(DateTimeOffset now)
    {
        Change(now, 0);
        var available = slots * ((_ended ?? now) - _began).TotalSeconds;
        return available > 0 ? Math.Min(1, _takenSeconds / available) : 1;
    }

    private void Change(DateTimeOffset now, int by)
    {
        // An event carries the time at which it happened, which can lie before the time at which it is handled.
        if (_ended is null && now > _changed)
        {
            _takenSeconds += _taken * (now - _changed).TotalSeconds;
            _changed = now;
        }

        _taken += by;
    }
}

