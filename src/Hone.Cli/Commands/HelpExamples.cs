using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hone.Cli.Commands;

/// <summary>The help text with an example at its end.</summary>
internal sealed class HelpExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["tune"] = "hone tune examples/diabetes.study.yaml --workers 2",
        ["ablate"] = "hone ablate examples/titanic.ablation.yaml --workers 2",
        ["studies"] = "hone studies --json",
        ["trials"] = "hone trials diabetes-logistic --json",
        ["best"] = "hone best diabetes-logistic",
        ["report"] = "hone report diabetes-logistic --out diabetes.html",
        ["analyze"] = "hone analyze diabetes-logistic --metric system/step_cpu_seconds --out effects.html",
        ["replay"] = "hone replay diabetes-logistic --stop '[median: {after: 1000}]' --stop rules.yaml --pairs --out regret.html",
        ["compare"] = "hone compare 'diabetes-*' --metric validation_accuracy --out models.html",
        ["train"] = "hone train --learner logistic --data diabetes --learning-rate 0.01 --steps 500",
        ["predict"] = "hone predict diabetes.model.json new-patients.csv",
        ["data"] = "hone data show diabetes",
        ["show"] = "hone data show diabetes",
    };

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var verb = parseResult.CommandResult.Command.Name;
        parseResult.InvocationConfiguration.Output.WriteLine("Example:");
        parseResult.InvocationConfiguration.Output.WriteLine($"  {Examples.GetValueOrDefault(verb, Examples["tune"])}");
        return result;
    }
}
