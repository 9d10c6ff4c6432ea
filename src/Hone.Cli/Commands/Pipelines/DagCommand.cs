using System.CommandLine;
using Hone.Dashboard;
using Hone.Pipelines.Drawing;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone dag</c>: draws how stages hang together.</summary>
internal sealed class DagCommand
{
    private readonly Argument<string?> _target = new("TARGET") { Description = "A stage, with what it needs; all if none is named.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _dot = new("--dot") { Description = "Write it in the language of Graphviz." };
    private readonly Option<bool> _mermaid = new("--mermaid") { Description = "Write it in the language of Mermaid." };
    private readonly Option<bool> _markdown = new("--md") { Description = "Write it for Mermaid in Markdown." };
    private readonly Option<string?> _html = new("--html") { Description = "Write a page instead.", HelpName = "FILE" };
    private readonly Option<bool> _full = new("--full") { Description = "Draw the whole pipeline that the stage belongs to." };
    private readonly Option<bool> _outs = new("--outs", "-o") { Description = "Draw outputs rather than stages." };
    private readonly Option<bool> _collapse = new("--collapse-foreach-matrix") { Description = "Draw the stages of a group as one." };
    private readonly Surroundings _surroundings;

    public DagCommand(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Command = new Command("dag", "Draws how the stages hang together.") { _target, _dot, _mermaid, _markdown, _html, _full, _outs, _collapse };
        Command.SetAction(Run);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        using var place = PipelineWorkplace.Open();
        var graph = place.Pipeline.Graph;
        var targets = place.Find(parsed.GetValue(_target) is { } target ? [target] : []);
        var chosen = parsed.GetValue(_full) ? graph.WholePipelines(targets) : graph.WithUpstream(targets);
        chosen = [.. graph.Stages.Where(chosen.ToHashSet().Contains)];
        var drawing = parsed.GetValue(_outs)
            ? PipelineDrawing.OfOutputs(graph, chosen)
            : PipelineDrawing.OfStages(graph, chosen, parsed.GetValue(_collapse));
        if (parsed.GetValue(_html) is { } page)
        {
            PageFile.Write(page, stream => PipelinePage.Write(GraphSvg.Write(drawing), drawing.Nodes.Count, stream, _surroundings.Time.GetUtcNow()));
            _surroundings.Output.WriteLine(page);
            return ExitCode.Done;
        }

        _surroundings.Output.Write(
            parsed.GetValue(_dot) ? drawing.Dot()
            : parsed.GetValue(_markdown) ? $"```mermaid\n{drawing.Mermaid()}```\n"
            : parsed.GetValue(_mermaid) ? drawing.Mermaid()
            : BoxDrawing.Write(drawing));
        return ExitCode.Done;
    }
}
