namespace Hone.Cli.Commands;

/// <summary>Turns names of studies, which may hold anything, into names of files.</summary>
internal static class FileNames
{
    private const int Longest = 100;

    /// <summary>The name with everything but letters, digits, blanks, <c>-</c>, <c>_</c> and <c>.</c> replaced by <c>_</c>; never hidden, never empty.</summary>
    public static string Of(string study)
    {
        var name = string.Concat(study.Take(Longest).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_'));
        return name.StartsWith('.') ? "_" + name : name;
    }
}
