namespace Hone.Cli.StudyFiles;

/// <summary>Says in a message which name was probably meant.</summary>
internal static class NearestName
{
    /// <summary>A clause for a message: <c>; did you mean 'x'?</c>, or, if nothing is near, the names to choose from.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> names) => Spelling.Nearest(name, names) is { } nearest
        ? $"; did you mean '{nearest}'?"
        : $"; expected {Choices(names)}";

    /// <summary><c>a, b or c</c>.</summary>
    public static string Choices(IReadOnlyCollection<string> names) => names.Count <= 1
        ? string.Concat(names)
        : $"{string.Join(", ", names.SkipLast(1))} or {names.Last()}";
}
