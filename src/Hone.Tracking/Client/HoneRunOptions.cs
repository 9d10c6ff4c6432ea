namespace Hone.Tracking.Client;

/// <summary>Which run is logged, and where to. What is not set is taken from MLflow's environment variables.</summary>
public sealed record HoneRunOptions
{
    /// <summary>The variable that names the folder of spools.</summary>
    public const string SpoolVariable = "HONE_SPOOL";

    /// <summary>
    /// The tracking server, e.g. <c>http://127.0.0.1:5000</c>; the default is <c>MLFLOW_TRACKING_URI</c>. Hone's or MLflow's.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>
    /// Name of the experiment, which is made if it is not there; the default is <c>MLFLOW_EXPERIMENT_NAME</c>, then the experiment of
    /// <c>MLFLOW_EXPERIMENT_ID</c>, then the server's experiment 0.
    /// </summary>
    public string? Experiment { get; init; }

    /// <summary>
    /// A run to go on with; the default is <c>MLFLOW_RUN_ID</c>. An empty text: a new run, whatever that says. A new run is made if nothing
    /// is named.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>Name of a new run; the default is <c>MLFLOW_RUN_NAME</c>, then the server makes one up.</summary>
    public string? RunName { get; init; }

    /// <summary>A user; the default is <c>MLFLOW_TRACKING_USERNAME</c>.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password; the default is <c>MLFLOW_TRACKING_PASSWORD</c>.</summary>
    public string? Password { get; init; }

    /// <summary>A token, for a server that asks for one; the default is <c>MLFLOW_TRACKING_TOKEN</c>. A user and a password come before it.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// The folder in which what was logged stands until the server has it; the default is <c>HONE_SPOOL</c>, then <c>.hone/spool</c>. What
    /// an earlier process left there for the same server is sent along.
    /// </summary>
    public string? SpoolFolder { get; init; }

    /// <summary>How spools name the server, where its address changes from start to start; the default is the address.</summary>
    public string? ServerName { get; init; }

    /// <summary>How long the start waits for the server before the run goes on without it.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer of the server may take before it counts as lost; a file has a second more for each 10^6 bytes.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end waits for the server to take what is left.</summary>
    public TimeSpan EndLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Is told, a line each, when the server cannot be reached or refuses something, and what stays in the spool; the default writes to
    /// standard error. Called from any thread.
    /// </summary>
    public Action<string> Notice { get; init; } = line => Console.Error.WriteLine($"hone: {line}");

    /// <summary>The clock of times, waits and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The server alone: what else is set may be secret.</summary>
    public override string ToString() => $"{nameof(HoneRunOptions)} {{ {nameof(Experiment)} = {Experiment} }}";
}
