// Logs a small training to a tracking server. Start one: hone server. Run it: MLFLOW_TRACKING_URI=http://127.0.0.1:5000 dotnet run --project examples/Tracking
// Stop the server meanwhile, or never start it: the program does not care, and hone run --flush-spool sends what is left.
using System.Globalization;
using Hone.Tracking.Client;

await using var run = await HoneRun.StartAsync(new HoneRunOptions { Experiment = "bowl", RunName = "gradient descent" });
const double Rate = 0.1;
run.LogParameter("rate", Rate.ToString(CultureInfo.InvariantCulture));
run.SetTag("kind", "example");
var x = 5.0;
for (var step = 1; step <= 100; step++)
{
    x -= Rate * 2 * (x - 1);
    run.LogMetric("loss", (x - 1) * (x - 1), step);
}

var file = Path.Combine(Path.GetTempPath(), $"bowl-{Environment.ProcessId}.txt");
await File.WriteAllTextAsync(file, x.ToString(CultureInfo.InvariantCulture));
await run.LogArtifactAsync(file, "model");
File.Delete(file);
var ending = await run.EndAsync();
Console.WriteLine(ending.IsComplete ? $"run {run.RunId} is on {run.Server}" : $"{ending.Left} bytes wait in {ending.Spool}");
