using System.CommandLine;
using Hone.Learning.Training;

namespace Hone.Cli.Commands;

/// <summary><c>hone predict MODEL DATA</c>: lets a saved model predict, a line a row.</summary>
internal sealed class PredictCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The file that hone train --save wrote." };
    private readonly Argument<string> _data = new("DATA") { Description = "Name of a data set, or path of a TSV or CSV file (.gz too)." };
    private readonly Surroundings _surroundings;

    public PredictCommand(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Command = new Command("predict", "Predicts with a model that hone train has saved.") { _model, _data };
        Command.SetAction(Run);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        SavedModel.Load(parsed.GetValue(_model)!).Predict(parsed.GetValue(_data)!, _surroundings.Output);
        return ExitCode.Done;
    }
}
