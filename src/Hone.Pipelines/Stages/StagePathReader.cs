using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>Reads what a stage reads and writes.</summary>
/// <param name="folder">The stage's folder, from which paths count.</param>
/// <param name="interpolation">Replaces the expressions.</param>
internal sealed class StagePathReader(string folder, Interpolation interpolation)
{
    private static readonly string[] OutputKeys = ["cache", "persist", "remote", "push", "desc", "type", "labels", "meta"];

    public List<StagePath> Dependencies(Section? section) => section is { } list
        ? Distinct(list.Resolved(interpolation).Items().Select(item => (new StagePath(item.Text(), Path(item, isOutput: false)), item.Place)))
        : [];

    /// <summary>The parameters; those of one file named twice are put together.</summary>
    public List<StageParameters> Parameters(Section? section)
    {
        var found = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var whole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in section?.Resolved(interpolation).Items() ?? [])
        {
            if (item.Value is not ValueMap map)
            {
                Names(found, ParametersFile.Usual).Add(item.Text());
                continue;
            }

            foreach (var file in map.Keys)
            {
                var names = item.Get(file)!.Value.Items(isLenient: true);
                Names(found, file).AddRange(names.Select(name => name.Text()));
                _ = names.Count == 0 && whole.Add(file);
            }
        }

        return [.. found.Select(entry => new StageParameters(
            entry.Key, PipelinePaths.Combine(folder, entry.Key), whole.Contains(entry.Key) ? [] : [.. entry.Value.Distinct(StringComparer.Ordinal)]))];
    }

    public IEnumerable<StageOutput> Outputs(Section? section, OutputUse use)
    {
        foreach (var item in section?.Resolved(interpolation).Items(isLenient: use == OutputUse.Plot) ?? [])
        {
            if (item.Value is not ValueMap map)
            {
                yield return Output(item, use);
                continue;
            }

            foreach (var path in map.Keys)
            {
                var options = item.Get(path)!.Value;
                yield return Output(new Section(new TextValue(path), options.Place), use, options.Value is NothingValue ? null : options);
            }
        }
    }

    private static List<string> Names(OrderedDictionary<string, List<string>> found, string file)
    {
        if (!found.TryGetValue(file, out var names))
        {
            found.Add(file, names = []);
        }

        return names;
    }

    private StageOutput Output(Section path, OutputUse use, Section? options = null)
    {
        options?.Only(use == OutputUse.Plot ? [.. OutputKeys, .. PlotReader.Keys] : OutputKeys);
        return new StageOutput(path.Text(), Path(path, isOutput: true))
        {
            Use = use,
            IsCached = options?.Get("cache")?.Flag() ?? true,
            IsPersistent = options?.Get("persist")?.Flag() ?? false,
            IsPushed = options?.Get("push")?.Flag() ?? true,
            Remote = options?.Get("remote")?.Text(),
            Plot = use == OutputUse.Plot ? PlotReader.Style(options) : null,
        };
    }

    private string Path(Section item, bool isOutput)
    {
        var written = item.Text();
        if (written.Contains("://", StringComparison.Ordinal))
        {
            throw item.Place.Wrong($"'{written}' is an address; only files and folders can be {(isOutput ? "written by" : "read by")} a stage");
        }

        var path = PipelinePaths.Combine(folder, written);
        return isOutput && (path.Length == 0 || PipelinePaths.IsOutside(path))
            ? throw item.Place.Wrong(path.Length == 0 ? $"'{written}' is the repository itself; an output lies within it"
                : $"'{written}' lies outside of the repository, where a stage may not write")
            : path;
    }

    private static List<StagePath> Distinct(IEnumerable<(StagePath Path, Place Place)> paths)
    {
        var all = new List<StagePath>();
        foreach (var (path, place) in paths)
        {
            if (all.Exists(known => known.Path == path.Path))
            {
                throw place.Wrong($"'{path.Written}' is named twice");
            }

            all.Add(path);
        }

        return all;
    }
}
