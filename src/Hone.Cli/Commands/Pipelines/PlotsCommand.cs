using System.CommandLine;
using Hone.Dashboard;
using Hone.Pipelines.Comparing;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone plots show</c> and <c>hone plots diff</c>: the tables that stages wrote, drawn on one page.</summary>
internal sealed class PlotsCommand
{
    private readonly Argument<string[]> _targets = new("FILE") { Description = "The files to draw; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Argument<string[]> _revisions = new("REVISION")
    {
        Description = "What to draw beside each other; HEAD and the workspace if there is none, one and the workspace if there is one.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _files = new("--targets") { Description = "The files to draw; all if none is named.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _out = new("--out", "-o") { Description = "The page.", HelpName = "FILE", DefaultValueFactory = _ => "dvc_plots/index.html" };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public PlotsCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        var show = new Command("show", "Draws what stages wrote.") { _targets, _out };
        show.SetAction(ShowAsync);
        var diff = new Command("diff", "Draws what stages wrote in several versions.") { _revisions, _files, _out };
        diff.SetAction(DiffAsync);
        Command = new Command("plots", "Draws the tables that stages write.") { show, diff };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var place = PipelineWorkplace.Open();
        return await DrawAsync(parsed, place, [Snapshot.Workspace(place.Repository)], parsed.GetValue(_targets) ?? []);
    }

    private async Task<int> DiffAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var place = PipelineWorkplace.Open();
        var revisions = parsed.GetValue(_revisions) ?? [];
        var versions = new List<Snapshot>();
        foreach (var revision in revisions.Length == 0 ? ["HEAD"] : revisions)
        {
            versions.Add(await Snapshot.OfAsync(place.Repository, place.Pipeline, revision, Plots.Files(place.Pipeline), cancellationToken));
        }

        if (versions.Count < 2)
        {
            versions.Add(Snapshot.Workspace(place.Repository));
        }

        return await DrawAsync(parsed, place, versions, parsed.GetValue(_files) ?? []);
    }

    private async Task<int> DrawAsync(ParseResult parsed, PipelineWorkplace place, IReadOnlyList<Snapshot> versions, IEnumerable<string> targets)
    {
        var plots = Plots.Read(place.Pipeline, versions, [.. targets.Select(target => PipelinePaths.Combine(place.Folder, target))]);
        var page = parsed.GetValue(_out)!;
        PageFile.Write(page, stream => PlotPage.Write([.. plots.Select(Chart)], stream, _surroundings.Time.GetUtcNow()));
        await _surroundings.Output.WriteLineAsync(_common.IsJson(parsed) ? JsonResult.Line(json =>
        {
            json.WriteString("page", page);
            json.WriteStartArray("plots");
            plots.ToList().ForEach(plot => json.WriteStringValue(plot.Title));
            json.WriteEndArray();
        }) : page);
        return ExitCode.Done;
    }

    private static PlotChart Chart(Plot plot) => new(
        plot.Title,
        plot.Style.XLabel ?? plot.Style.X ?? "row",
        plot.Style.YLabel ?? (plot.Style.Y.Count == 1 ? plot.Style.Y[0] : "y"),
        plot.Style.Template,
        [.. plot.Lines.Select(line => new PlotChartLine(line.Name, [.. line.Points.Select(point => (Cell(point.X), Cell(point.Y)))]))]);

    private static object? Cell(Value value) => value switch
    {
        NothingValue => null,
        RealValue real => double.IsFinite(real.Number) ? real.Number : null,
        WholeValue whole => (double)whole.Number,
        _ => value.ToString(),
    };
}
