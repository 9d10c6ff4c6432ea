using System.Text;
using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.StudyFiles;

public sealed class UnreadableStudyFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hone-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_missing_file_is_told_with_the_nearest_one()
    {
        Write("diabetes.study.yaml", "study: s"u8);

        Assert.Equal("PATH:1:1: file: there is no such file; did you mean 'diabetes.study.yaml'?", Problem("diabetis.study.yaml").Replace(_directory + "/", "", StringComparison.Ordinal));
        Assert.Equal("PATH:1:1: file: there is no such file", Problem("other.txt"));
        Assert.Equal("PATH:1:1: file: there is no such file", Problem("no/such/directory/x.yaml"));
    }

    [Fact]
    public void A_directory_is_told() => Assert.Equal("PATH:1:1: file: is a directory; expected a file", Problem("."));

    [Fact]
    public void An_empty_file_is_told()
    {
        const string Expected = "PATH:1:1: file: nothing stands in it; expected at least the keys study, objective, space and train";

        Assert.Equal(Expected, Problem(Write("a", ""u8)));
        Assert.Equal(Expected, Problem(Write("b", "# only a comment\n"u8)));
        Assert.Equal(Expected, Problem(Write("d", "null"u8)));
    }

    [Fact]
    public void A_file_that_is_no_mapping_is_told() =>
        Assert.StartsWith("PATH:1:1: file: 'just words'; expected a mapping with study, objective, ", Problem(Write("a", "just words"u8)), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_50_MB_is_told_without_reading_it()
    {
        var path = Path.Combine(_directory, "large.yaml");
        using (var file = File.Create(path))
        {
            file.SetLength(50_000_000);
        }

        Assert.Equal("PATH:1:1: file: holds 50 MB; expected a study file of at most 1 MB", Problem(path));
    }

    [Fact]
    public void Text_in_another_encoding_is_told_with_its_line()
    {
        Assert.Equal("PATH:2:4: file: not UTF-8; save the file as UTF-8", Problem(Write("a", [.. "study: s\n# M"u8, 0xFC, .. "nchen\n"u8])));
        Assert.Equal("PATH:1:1: file: not UTF-8; save the file as UTF-8", Problem(Write("b", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("study: s")])));
        Assert.Equal("PATH:2:1: file: a zero byte stands here; expected text in UTF-8", Problem(Write("c", "study: s\nab\0c"u8)));
    }

    [Fact]
    public void A_mark_of_UTF_8_at_the_start_is_no_mistake() =>
        Assert.Equal(Problem(Write("a", "study: s"u8)), Problem(Write("a", [0xEF, 0xBB, 0xBF, .. "study: s"u8])));

    [Fact]
    public void A_few_lines_of_aliases_that_stand_for_billions_of_values_are_told_at_once()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.AppendLine($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        }

        Assert.Equal("PATH:5:45: file: not YAML: holds more than 100000 values, those behind aliases counted", Problem(Write("a", Encoding.UTF8.GetBytes(bomb.ToString()))));
    }

    [Fact]
    public void Deep_nesting_is_told() =>
        Assert.Equal("PATH:1:42: file: not YAML: nested more than 40 levels deep", Problem(Write("a", Encoding.UTF8.GetBytes(new string('[', 900_000)))));

    [Fact]
    public void No_mangled_file_brings_the_reader_down()
    {
        const string Good = "study: &s s\nobjective: { metric: loss }\nspace:\n  x: { float: [0, 1], when: { y: [a] } }\n  y: { choice: [a, \"b\"] }\n"
            + "stop:\n  - when: \"loss > 3\"\n    after: 200\n  - median: { after: 300 }\ntrain: { command: 'run {x}' }\n";
        const string Pieces = "{}[]:,-&*!|>'\"%@`#?~ \n\t0aé<";
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var text = new StringBuilder(Good);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                    _ => text.Replace(text[at], Pieces[random.Next(Pieces.Length)], at, 1),
                };
            }

            try
            {
                StudyFileReader.Parse(text.ToString(), "bad.study.yaml");
            }
            catch (StudyFileException wrong)
            {
                Assert.All(wrong.Problems, problem => Assert.Matches("^bad.study.yaml:[0-9]+:[0-9]+: .+: .+$", problem));
            }
        }
    }

    private string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Problem(string name)
    {
        var path = Path.Combine(_directory, name);
        var wrong = Assert.Throws<StudyFileException>(() => StudyFileReader.Read(path));
        return string.Join('\n', wrong.Problems).Replace(path, "PATH", StringComparison.Ordinal);
    }
}
