using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Tracking;

/// <summary>Which outputs a command's arguments name.</summary>
public static class Targets
{
    /// <summary>The outputs that some arguments name: by the output's path, by a path inside of it, by its <c>.dvc</c> file, by its stage, or by a folder
    /// around it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="index">What it records.</param>
    /// <param name="arguments">The arguments, paths relative to the current folder; empty for all outputs.</param>
    /// <exception cref="PipelineException">An argument names nothing that is tracked.</exception>
    public static IReadOnlyList<Target> Find(Repository repository, RepositoryIndex index, IReadOnlyCollection<string> arguments)
    {
        if (arguments.Count == 0)
        {
            return [.. index.Outputs.Select(output => new Target(output, null))];
        }

        var found = new List<Target>();
        foreach (var argument in arguments)
        {
            var stage = index.Outputs.Where(output => output.IsFromStage && (output.Owner == argument || output.Owner.StartsWith(argument + "@", StringComparison.Ordinal))).ToList();
            var path = stage.Count > 0 ? "" : repository.RelativePath(Path.GetFullPath(argument));
            var named = stage.Count > 0 ? stage : [.. index.Outputs.Where(output => output.Owner == path || output.Path == path)];
            if (named.Count == 0 && index.FindAround(path) is { } around)
            {
                found.Add(new Target(around, path));
                continue;
            }

            if (named.Count == 0)
            {
                named = [.. index.Outputs.Where(output => path.Length == 0 || output.Path.StartsWith(path + "/", StringComparison.Ordinal))];
            }

            found.AddRange(named.Count > 0
                ? named.Select(output => new Target(output, null))
                : throw new PipelineException($"'{argument}' is not tracked: there is no such output, .dvc file or stage. hone ls shows what there is", PipelineFault.WrongInput));
        }

        return [.. found.Distinct()];
    }
}
