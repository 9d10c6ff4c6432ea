using System.Text;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>What changed of a stage, in lines.</summary>
internal static class StageText
{
    /// <summary>The lines, without a newline at the end.</summary>
    public static string Of(StageStatus status)
    {
        var text = new StringBuilder(status.Stage.Address).Append(':');
        Append(text, "changed deps:", status.Dependencies);
        Append(text, "changed outs:", status.Outputs);
        text.Append(status.IsCommandChanged ? "\n\tchanged command" : "").Append(status.IsAlwaysChanged ? "\n\talways changed" : "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, ValueMap changes)
    {
        if (changes.Entries.Count == 0)
        {
            return;
        }

        text.Append("\n\t").Append(head);
        foreach (var (path, change) in changes.Entries)
        {
            if (change is ValueMap parameters)
            {
                text.Append("\n\t\t").Append(path).Append(':');
                parameters.Entries.ToList().ForEach(parameter => text.Append($"\n\t\t\t{parameter.Value + ":",-20}{parameter.Key}"));
            }
            else
            {
                text.Append($"\n\t\t{change + ":",-20}{path}");
            }
        }
    }
}
