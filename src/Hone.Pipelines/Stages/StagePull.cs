using Hone.Pipelines.Files;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Stages;

/// <summary>Brings what stages recorded from a remote, so that they need not run to have it.</summary>
public static class StagePull
{
    /// <summary>Fetches what is recorded of stages and of the data that they read, and puts data that is not there into the workspace.</summary>
    /// <param name="repository">The repository; its lock is not held by the caller.</param>
    /// <param name="plan">The stages.</param>
    /// <param name="remote">Name of the remote; null for the usual one.</param>
    /// <param name="time">The clock of the waiting for the repository.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <exception cref="PipelineException">There is no such remote, or it cannot be reached.</exception>
    public static async Task RunAsync(Repository repository, IReadOnlyCollection<Stage> plan, string? remote, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var owners = plan.Select(stage => stage.Address).ToHashSet(StringComparer.Ordinal);
        var index = RepositoryIndex.Read(repository, path => StageOutputs.Of(repository, path));
        var outputs = index.Outputs.Where(output => owners.Contains(output.Owner) && output is { IsCached: true, Id: not null }).ToList();
        using var held = await RepositoryLock.TakeAsync(repository, time, Timeout.InfiniteTimeSpan, cancellationToken);
        await new Transfer(repository, Remote.Open(repository.Config, remote), cancellationToken: cancellationToken)
            .FetchAsync(outputs.Select(output => new Target(output, null)));
        var missing = outputs.Where(output => Posix.Stat(Path.Combine(repository.Root, output.Path)) is null && Verbs.Status.IsKept(repository, output, output.Id!.Value, null, new ContentReader(repository, cancellationToken)));
        await Checkout.RunAsync(repository, missing.ToList(), new CheckoutOptions(), time, cancellationToken);
    }
}
