using Hone.Trials;
using Hone.Tuning;
using Microsoft.AspNetCore.Http;

namespace Hone.Workers.Processes;

/// <summary>Takes what an attempt's program has measured, and ends when it is durable.</summary>
/// <param name="reports">In order.</param>
/// <param name="cancellationToken">Gives up the wait; what was handed over is not taken back.</param>
/// <exception cref="OperationCanceledException">The wait was given up, or the pool is ending.</exception>
public delegate Task TakeReports(IReadOnlyList<StepReport> reports, CancellationToken cancellationToken);

/// <summary>Begins to serve an attempt.</summary>
/// <param name="order">The attempt.</param>
/// <param name="take">Takes its measurements.</param>
public delegate TrialService BeginService(TrialOrder order, TakeReports take);

/// <summary>What an attempt's program can ask for over HTTP, on loopback, beside sending reports.</summary>
/// <param name="Variables">The environment variables that lead the program to its address, which holds a secret of the attempt's own.</param>
/// <param name="Answer">
/// Answers a request to that address, which stands in the request's base and no longer in its path and its raw target. Called on many
/// threads, as long as the attempt lasts. Bodies have no limit but the service's own.
/// </param>
public sealed record TrialService(Func<Uri, IEnumerable<KeyValuePair<string, string>>> Variables, Func<HttpContext, Task> Answer);
