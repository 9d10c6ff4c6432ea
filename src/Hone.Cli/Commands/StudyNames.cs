using Hone.Cli.StudyFiles;

namespace Hone.Cli.Commands;

/// <summary>Reads what studies are called by hand: <c>STUDY=NAME</c>.</summary>
internal static class StudyNames
{
    /// <summary>The names by study; a study that none is given for is absent.</summary>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="given">Its values. A study's name may have an equals sign: the longest study that fits is meant.</param>
    /// <param name="studies">The studies that there are.</param>
    /// <param name="isForAll">Whether a name alone is that of all studies which have none of their own.</param>
    /// <exception cref="CommandException">A value names no study, or no name.</exception>
    public static IReadOnlyDictionary<string, string> Read(string option, IReadOnlyList<string> given, IReadOnlyList<string> studies, bool isForAll)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        string? all = null;
        foreach (var text in given)
        {
            var study = studies.Where(name => text.StartsWith(name + "=", StringComparison.Ordinal)).MaxBy(name => name.Length);
            var name = study is null ? text : text[(study.Length + 1)..];
            if (study is null && !(isForAll && !text.Contains('=', StringComparison.Ordinal)))
            {
                throw Wrong(option, text, text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at
                    ? $"'{text[..at]}' is none of the studies{NearestName.Hint(text[..at], studies)}"
                    : $"expected STUDY=NAME, such as {studies[0]}={text}");
            }

            if (name.Length == 0)
            {
                throw Wrong(option, text, "the name is empty");
            }

            if (study is null ? all is not null : !names.TryAdd(study, name))
            {
                throw Wrong(option, text, study is null ? "the data set of all studies is named twice" : $"'{study}' is named twice");
            }

            all = study is null ? name : all;
        }

        foreach (var study in studies.Where(study => all is not null && !names.ContainsKey(study)))
        {
            names[study] = all!;
        }

        return names;
    }

    private static CommandException Wrong(string option, string text, string why) => new(ExitCode.WrongInput, $"{option} '{text}': {why}");
}
