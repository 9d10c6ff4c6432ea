using System.ComponentModel;
using System.Diagnostics;

namespace Hone.Workers.SystemMetrics;

/// <summary>Reads one process by what .NET tells of it on any system: its children are not met, and pages it shares are counted.</summary>
/// <remarks>Serves where there is no <c>/proc</c>. Not thread-safe.</remarks>
internal sealed class PortableProcess : IDisposable
{
    private readonly Process? _process;
    private TreeReading _last;

    /// <param name="id">Number of the process; one that does not live gives readings of nothing.</param>
    public PortableProcess(int id)
    {
        try
        {
            _process = Process.GetProcessById(id);
            _ = _process.StartTime; // Keeps to this process, not to its number.
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            _process = null;
        }
    }

    /// <summary>Reads the process; once it has ended, what it was last.</summary>
    public TreeReading Read()
    {
        try
        {
            _process?.Refresh();
            if (_process is { HasExited: false })
            {
                var memory = _process.WorkingSet64;
                var peak = Math.Max(_last.PeakBytes, Math.Max(memory, _process.PeakWorkingSet64));
                return _last = new TreeReading(1, memory, peak, (long)_process.TotalProcessorTime.TotalNanoseconds, null, null);
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended between two questions.
        }

        return _last = _last with { Processes = 0 };
    }

    public void Dispose() => _process?.Dispose();
}
