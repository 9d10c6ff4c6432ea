namespace Hone.Cli.StudyFiles;

/// <summary>A study file that cannot be used. <see cref="Problems"/> says everything that is wrong with it.</summary>
internal sealed class StudyFileException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>One line each: <c>FILE:LINE:COLUMN: KEY: what is wrong; what was expected</c>.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
