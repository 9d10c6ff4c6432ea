using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>The repository that the user is in, its pipeline, and where in it the user is.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Folder">The user's folder, from the repository's root; empty for the root.</param>
internal sealed record PipelineWorkplace(Repository Repository, Pipeline Pipeline, string Folder) : IDisposable
{
    /// <summary>Opens the repository that the current folder belongs to, and reads its pipeline.</summary>
    /// <exception cref="Hone.Pipelines.PipelineException">There is no repository, or something in a file is wrong.</exception>
    public static PipelineWorkplace Open()
    {
        var repository = Repository.Find(Environment.CurrentDirectory);
        try
        {
            return new PipelineWorkplace(repository, Pipeline.Load(repository), repository.RelativePath(Environment.CurrentDirectory));
        }
        catch
        {
            repository.Dispose();
            throw;
        }
    }

    /// <summary>The stages that some words name; all of them if there are none.</summary>
    public IReadOnlyList<Stage> Find(IReadOnlyCollection<string> targets) => targets.Count == 0
        ? Pipeline.Graph.Stages
        : [.. targets.SelectMany(target => Pipeline.Find(target, Folder)).Distinct()];

    /// <inheritdoc/>
    public void Dispose()
    {
        Pipeline.Dispose();
        Repository.Dispose();
    }
}
