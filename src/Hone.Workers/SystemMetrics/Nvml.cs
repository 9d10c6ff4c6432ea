using System.Runtime.InteropServices;

namespace Hone.Workers.SystemMetrics;

/// <summary>NVIDIA's management library, bound when it is there. Layouts are those of 64-bit Linux.</summary>
/// <remarks>Every question may be refused by a driver or a card; the answer is null then. Used from one thread.</remarks>
internal sealed unsafe class Nvml : IDisposable
{
    private const int MostProcesses = 256;

    private readonly nint _library;
    private readonly nint[] _devices;
    private readonly int[] _minors;
    private readonly ulong[] _seenMicroseconds;
    private readonly ProcessMemory[] _memory = new ProcessMemory[MostProcesses];
    private readonly ProcessUtilization[] _utilization = new ProcessUtilization[MostProcesses];
    private readonly delegate* unmanaged<nint, uint*, ProcessMemory*, int> _processes;
    private readonly delegate* unmanaged<nint, ProcessUtilization*, uint*, ulong, int> _processUtilization;
    private readonly delegate* unmanaged<nint, Utilization*, int> _utilizationRates;
    private readonly delegate* unmanaged<nint, DeviceMemory*, int> _deviceMemory;
    private readonly delegate* unmanaged<nint, ulong*, int> _energy;

    private Nvml(nint library)
    {
        _library = library;
        _processes = (delegate* unmanaged<nint, uint*, ProcessMemory*, int>)Find("nvmlDeviceGetComputeRunningProcesses_v3");
        if (_processes is null)
        {
            _processes = (delegate* unmanaged<nint, uint*, ProcessMemory*, int>)Find("nvmlDeviceGetComputeRunningProcesses_v2");
        }

        _processUtilization =
            (delegate* unmanaged<nint, ProcessUtilization*, uint*, ulong, int>)Find("nvmlDeviceGetProcessUtilization");
        _utilizationRates = (delegate* unmanaged<nint, Utilization*, int>)Find("nvmlDeviceGetUtilizationRates");
        _deviceMemory = (delegate* unmanaged<nint, DeviceMemory*, int>)Find("nvmlDeviceGetMemoryInfo");
        _energy = (delegate* unmanaged<nint, ulong*, int>)Find("nvmlDeviceGetTotalEnergyConsumption");
        (_devices, _minors) = FindDevices();
        _seenMicroseconds = new ulong[_devices.Length];
    }

    /// <summary>How many GPUs there are.</summary>
    public int Devices => _devices.Length;

    /// <summary>Loads the library; null if there is none, if it does not start, or if it finds no GPU.</summary>
    /// <param name="name">File name of the library.</param>
    public static Nvml? TryLoad(string name = "libnvidia-ml.so.1")
    {
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            return null;
        }

        if (NativeLibrary.TryGetExport(library, "nvmlInit_v2", out var start) && ((delegate* unmanaged<int>)start)() == 0)
        {
            var nvml = new Nvml(library);
            if (nvml.Devices > 0)
            {
                return nvml;
            }

            nvml.Dispose();
            return null;
        }

        NativeLibrary.Free(library);
        return null;
    }

    /// <summary>Reads one GPU. Utilisations are means since the last reading, as far as the driver keeps samples.</summary>
    public GpuReading Read(int device)
    {
        var handle = _devices[device];
        Utilization busy;
        DeviceMemory memory;
        ulong millijoules;
        return new GpuReading(
            _minors[device],
            _utilizationRates is not null && _utilizationRates(handle, &busy) == 0 ? busy.GpuPercent : null,
            _deviceMemory is not null && _deviceMemory(handle, &memory) == 0 ? (long)memory.Used : null,
            _energy is not null && _energy(handle, &millijoules) == 0 ? millijoules / 1e3 : null,
            ReadProcesses(handle),
            ReadUtilization(device));
    }

    public void Dispose()
    {
        var stop = (delegate* unmanaged<int>)Find("nvmlShutdown");
        if (stop is not null)
        {
            _ = stop();
        }

        NativeLibrary.Free(_library);
    }

    private nint Find(string function) => NativeLibrary.TryGetExport(_library, function, out var address) ? address : 0;

    private (nint[] Devices, int[] Minors) FindDevices()
    {
        var counts = (delegate* unmanaged<uint*, int>)Find("nvmlDeviceGetCount_v2");
        var handles = (delegate* unmanaged<uint, nint*, int>)Find("nvmlDeviceGetHandleByIndex_v2");
        var numbers = (delegate* unmanaged<nint, uint*, int>)Find("nvmlDeviceGetMinorNumber");
        uint count = 0;
        if (counts is null || handles is null || counts(&count) != 0)
        {
            return ([], []);
        }

        List<nint> devices = [];
        List<int> minors = [];
        for (uint i = 0; i < count; i++)
        {
            nint handle;
            uint minor;
            if (handles(i, &handle) == 0)
            {
                devices.Add(handle);
                minors.Add(numbers is not null && numbers(handle, &minor) == 0 ? (int)minor : (int)i);
            }
        }

        return ([.. devices], [.. minors]);
    }

    private GpuProcess[]? ReadProcesses(nint handle)
    {
        if (_processes is null)
        {
            return null;
        }

        uint count = MostProcesses;
        fixed (ProcessMemory* found = _memory)
        {
            if (_processes(handle, &count, found) != 0)
            {
                return null;
            }
        }

        // All bits set: not available. Zero: a driver that looks the number up in another namespace.
        return Array.ConvertAll(
            _memory[..(int)count], one => new GpuProcess((int)one.Process, one.Used is 0 or ulong.MaxValue ? null : (long)one.Used));
    }

    private GpuShare[]? ReadUtilization(int device)
    {
        if (_processUtilization is null)
        {
            return null;
        }

        uint count = MostProcesses;
        fixed (ProcessUtilization* found = _utilization)
        {
            if (_processUtilization(_devices[device], found, &count, _seenMicroseconds[device]) != 0)
            {
                return null;
            }
        }

        for (var i = 0; i < count; i++)
        {
            _seenMicroseconds[device] = Math.Max(_seenMicroseconds[device], _utilization[i].Microseconds);
        }

        return
        [
            .. _utilization.Take((int)count).Where(one => one.GpuPercent <= 100).GroupBy(one => (int)one.Process)
                .Select(all => new GpuShare(all.Key, all.Average(one => one.GpuPercent))),
        ];
    }

    /// <summary><c>nvmlProcessInfo_t</c> of versions 2 and 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessMemory
    {
        public uint Process;
        public ulong Used;
        public uint GpuInstance;
        public uint ComputeInstance;
    }

    /// <summary><c>nvmlProcessUtilizationSample_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessUtilization
    {
        public uint Process;
        public ulong Microseconds;
        public uint GpuPercent;
        public uint MemoryPercent;
        public uint EncoderPercent;
        public uint DecoderPercent;
    }

    /// <summary><c>nvmlUtilization_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Utilization
    {
        public uint GpuPercent;
        public uint MemoryPercent;
    }

    /// <summary><c>nvmlMemory_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DeviceMemory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
