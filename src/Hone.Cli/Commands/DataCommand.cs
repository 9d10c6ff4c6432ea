using System.CommandLine;
using Hone.Learning.Data;

namespace Hone.Cli.Commands;

/// <summary><c>hone data show SOURCE</c>: what a data set holds, a line a column.</summary>
internal sealed class DataCommand
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "Name of a data set, pmlb:NAME, or path of a TSV or CSV file (.gz too) or of a folder of IDX files.",
    };

    private readonly Option<string> _target = new("--target") { Description = "Column to learn.", HelpName = "NAME", DefaultValueFactory = _ => "target" };
    private readonly Surroundings _surroundings;

    public DataCommand(CommonOptions common, Surroundings surroundings)
    {
        _surroundings = surroundings;
        var show = new Command("show", "Summarises a data set: its rows, its task, and each column.") { _source, _target };
        show.SetAction(Show);
        Command = new Command("data", "Looks at data sets, and at what came of which data.") { show, new DataOfCommand(common, surroundings).Command };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private int Show(ParseResult parsed)
    {
        var options = new TableOptions { Target = parsed.GetValue(_target), Missing = Missing.Impute, RefusesMixed = false };
        var data = DataSource.Load<float>(parsed.GetValue(_source)!, options);
        _surroundings.Output.WriteLine(DatasetSummary.Of(data).ToString().TrimEnd());
        return ExitCode.Done;
    }
}
