using System.Runtime.CompilerServices;
using System.Text;
using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.StudyFiles;

/// <summary>
/// Every case of <c>MalformedStudyFiles.txt</c> with its messages: a case is a name after <c>===</c> and some lines of a study file, to
/// which the lines that every study file must have are added at the end.
/// </summary>
public sealed class MalformedStudyFileTests
{
    private static readonly string[] Needed =
    [
        "study: s", "objective: { metric: loss }", "space: { x: { float: [0, 1] } }", "train: { command: \"run {x}\" }",
    ];

    [Fact]
    public void Each_mistake_is_told_with_its_place_its_value_and_what_was_expected()
    {
        var received = new StringBuilder();
        foreach (var (name, text) in Cases())
        {
            var messages = Problems(text);
            Assert.True(messages.Count > 0, $"{name} is accepted");
            received.Append("=== ").AppendLine(name);
            messages.ToList().ForEach(line => received.AppendLine(line.Replace($"has {Environment.ProcessorCount}", "has N", StringComparison.Ordinal)));
        }

        Approved.Is("MalformedStudyFiles", received.ToString());
    }

    [Fact]
    public void There_are_more_than_a_hundred_cases() => Assert.InRange(Cases().Count, 100, 1000);

    [Fact]
    public void The_lines_that_are_added_to_each_case_are_a_good_study_file() =>
        Assert.Equal("s", StudyFileReader.Parse(string.Join('\n', Needed), "good.study.yaml").Study.Name);

    private static IReadOnlyList<string> Problems(string text)
    {
        try
        {
            StudyFileReader.Parse(text, "bad.study.yaml");
            return [];
        }
        catch (StudyFileException wrong)
        {
            return wrong.Problems;
        }
    }

    private static List<(string Name, string Text)> Cases([CallerFilePath] string test = "")
    {
        var file = File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "MalformedStudyFiles.txt"));
        return [.. file.Split("=== ", StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            var lines = part[(end + 1)..].TrimEnd('\n').Split('\n');
            var missing = Needed.Where(needed => !lines.Any(line => line.StartsWith(needed[..(needed.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)));
            return (part[..end], string.Join('\n', lines.Concat(missing)) + "\n");
        })];
    }
}
