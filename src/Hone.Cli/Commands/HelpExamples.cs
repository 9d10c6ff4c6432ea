using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

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
        ["run"] = "hone run --experiment digits --param rate=0.1 -- python train.py --rate 0.1",
        ["server"] = "hone server --port 5001 --store .hone/hone.db",
        ["users"] = "hone users add ann --role writer",
        ["users add"] = "hone users add ann --role writer",
        ["users list"] = "hone users list --json",
        ["users remove"] = "hone users remove ann",
        ["users token"] = "hone users token ann",
        ["users grant"] = "hone users grant ann admin --experiment diabetes",
        ["users revoke"] = "hone users revoke ann --experiment diabetes",
        ["backup"] = "hone backup backups/hone-monday.db --artifacts",
        ["restore"] = "hone restore backups/hone-monday.db --store new/hone.db",
        ["of"] = "hone data of diabetes-logistic/17",
        ["server gc"] = "hone server gc --older-than 30 --dry",
        ["models"] = "hone models show diabetes@champion --lineage",
        ["models list"] = "hone models list --json",
        ["models show"] = "hone models show diabetes@champion --lineage",
        ["models register"] = "hone models register diabetes --run diabetes-logistic/12 --path model",
        ["models promote"] = "hone models promote diabetes/3 --stage production --archive --alias champion",
        ["models rename"] = "hone models rename diabetes diabetes-risk",
        ["models delete"] = "hone models delete diabetes/2",
        ["models download"] = "hone models download diabetes@champion --to model",
        ["import"] = "hone import mlflow mlruns --copy-artifacts",
        ["mlflow"] = "hone import mlflow sqlite:///mlflow.db",
        ["export"] = "hone export --experiment diabetes --to mlruns",
        ["show"] = "hone data show diabetes",
        ["init"] = "hone init",
        ["add"] = "hone add data/raw --glob 'images/*.png'",
        ["commit"] = "hone commit data/raw.dvc",
        ["status"] = "hone status --json",
        ["checkout"] = "hone checkout data/raw/one-file.csv",
        ["push"] = "hone push data/raw --remote store",
        ["fetch"] = "hone fetch --jobs 8",
        ["pull"] = "hone pull data/raw/one-file.csv",
        ["diff"] = "hone diff HEAD~1 --json",
        ["gc"] = "hone gc --all-commits --dry",
        ["config"] = "hone config cache.type reflink,hardlink,copy",
        ["remote"] = "hone remote add -d store ../store",
        ["cache"] = "hone cache dir /mnt/cache",
        ["remove"] = "hone remove data/raw.dvc",
        ["move"] = "hone move data/raw data/archive",
        ["unprotect"] = "hone unprotect data/raw",
        ["import-url"] = "hone import-url https://example.com/table.csv data/table.csv",
        ["ls"] = "hone ls -R data/raw",
        ["root"] = "hone root",
        ["repro"] = "hone repro train -j 2",
        ["dag"] = "hone dag --html pipeline.html",
        ["stage"] = "hone stage list --all",
        ["freeze"] = "hone freeze clean",
        ["unfreeze"] = "hone unfreeze clean",
        ["params"] = "hone params diff HEAD~1",
        ["metrics"] = "hone metrics diff HEAD~1 --all",
        ["plots"] = "hone plots show loss.csv --out loss.html",
    };

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var verb = parseResult.CommandResult.Command.Name;
        var parent = (parseResult.CommandResult.Parent as CommandResult)?.Command.Name;
        parseResult.InvocationConfiguration.Output.WriteLine("Example:");
        parseResult.InvocationConfiguration.Output.WriteLine($"  {Examples.GetValueOrDefault($"{parent} {verb}") ?? Examples.GetValueOrDefault(verb, Examples["tune"])}");
        return result;
    }
}
