namespace Hone.Tracking.Client;

/// <summary>What options and environment together say of a run.</summary>
/// <param name="Address">The server.</param>
/// <param name="Run">The run.</param>
/// <param name="Folder">The folder of spools.</param>
internal sealed record RunPlan(TrackingAddress Address, SpooledRun Run, string Folder)
{
    /// <summary>Makes the plan of a run that begins now.</summary>
    /// <exception cref="HoneRunException">No server is named, or not by its address.</exception>
    public static RunPlan Of(HoneRunOptions options)
    {
        var address = AddressOf(options);
        var experiment = options.Experiment ?? Variable("MLFLOW_EXPERIMENT_NAME");
        var run = options.RunId ?? Variable("MLFLOW_RUN_ID");
        return new RunPlan(
            address,
            new SpooledRun
            {
                Key = Guid.NewGuid().ToString("n"),
                Server = options.ServerName ?? address.Text,
                Experiment = experiment,
                ExperimentId = experiment is null ? Variable("MLFLOW_EXPERIMENT_ID") : null,
                RunId = string.IsNullOrEmpty(run) ? null : run,
                Name = options.RunName ?? Variable("MLFLOW_RUN_NAME"),
                User = Environment.UserName,
                StartTime = options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            FolderOf(options));
    }

    /// <summary>The server.</summary>
    /// <exception cref="HoneRunException">None is named, or not by its address.</exception>
    public static TrackingAddress AddressOf(HoneRunOptions options)
    {
        var server = options.Server ?? Variable("MLFLOW_TRACKING_URI")
            ?? throw new HoneRunException("No tracking server is named. Set MLFLOW_TRACKING_URI, such as http://127.0.0.1:5000, or name it in the options.");
        return TrackingAddress.Parse(
            server,
            options.UserName ?? Variable("MLFLOW_TRACKING_USERNAME"),
            options.Password ?? Variable("MLFLOW_TRACKING_PASSWORD"),
            options.Token ?? Variable("MLFLOW_TRACKING_TOKEN"));
    }

    /// <summary>The folder of spools.</summary>
    public static string FolderOf(HoneRunOptions options) =>
        Path.GetFullPath(options.SpoolFolder ?? Variable(HoneRunOptions.SpoolVariable) ?? Path.Combine(".hone", "spool"));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
