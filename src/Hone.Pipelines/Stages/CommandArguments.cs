using System.Text;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>How mappings become arguments of a command: DVC's settings <c>parsing.bool</c> and <c>parsing.list</c>.</summary>
/// <param name="NegatesFlags">Whether <c>false</c> becomes <c>--no-name</c> (<c>boolean_optional</c>) rather than nothing (<c>store_true</c>).</param>
/// <param name="RepeatsNames">Whether each item of a list has the name before it (<c>append</c>) rather than only the first (<c>nargs</c>).</param>
public readonly record struct ArgumentStyle(bool NegatesFlags, bool RepeatsNames)
{
    /// <summary>The style that a configuration says.</summary>
    public static ArgumentStyle From(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ArgumentStyle(config.Get("parsing", "bool") == "boolean_optional", config.Get("parsing", "list") == "append");
    }
}

/// <summary>Turns a mapping into the arguments of a command, e.g. <c>--lr 0.1 --name 'a b' --layers 16 32 --optimizer.beta 0.9</c>.</summary>
internal static class CommandArguments
{
    public static string Of(ValueMap map, ArgumentStyle style, Place place)
    {
        var text = new StringBuilder();
        Append(text, map, "", style, place);
        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, ValueMap map, string prefix, ArgumentStyle style, Place place)
    {
        foreach (var (key, value) in map.Entries)
        {
            var name = prefix + key;
            switch (value)
            {
                case ValueMap inner:
                    Append(text, inner, $"{name}.", style, place);
                    break;
                case FlagValue flag:
                    text.Append(flag.IsTrue ? $"--{name} " : style.NegatesFlags ? $"--no-{name} " : "");
                    break;
                case ValueList list:
                    Append(text, list, name, style, place);
                    break;
                default:
                    text.Append("--").Append(name).Append(' ').Append(Word(value)).Append(' ');
                    break;
            }
        }
    }

    private static void Append(StringBuilder text, ValueList list, string name, ArgumentStyle style, Place place)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (!list.Items[i].IsPlain)
            {
                throw place.Wrong($"'{name}' is a list with {list.Items[i].Kind} in it, which cannot be an argument");
            }

            text.Append(i == 0 || style.RepeatsNames ? $"--{name} " : "").Append(Word(list.Items[i])).Append(' ');
        }
    }

    private static string Word(Value value) => value switch
    {
        TextValue text => $"'{text.Text.Replace("'", "'\\''", StringComparison.Ordinal)}'",
        NothingValue => "None",
        _ => value.ToString()!,
    };
}
