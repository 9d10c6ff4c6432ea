using System.Diagnostics;
using System.Globalization;

namespace Hone.Benchmarks;

/// <summary>scikit-learn and PyTorch in a Python beside this one, which measures what it is asked for, when it is asked.</summary>
internal sealed class Opponents : IDisposable
{
    private readonly Process _python = Process.Start(new ProcessStartInfo(
        "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "python", "learning_speed.py")])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Rows in a CPU-second, NaN where Python has not the library or the library has not the learner.</summary>
    public double Rate(string library, string learner, int batch, double seconds)
    {
        _python.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{library} {learner} {batch} {seconds}"));
        _python.StandardInput.Flush();
        return double.Parse(_python.StandardOutput.ReadLine() ?? "nan", CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _python.StandardInput.Close();
        _python.WaitForExit();
        _python.Dispose();
    }
}
