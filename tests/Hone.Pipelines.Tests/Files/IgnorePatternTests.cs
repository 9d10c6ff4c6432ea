using Hone.Pipelines.Files;

namespace Hone.Pipelines.Tests.Files;

public sealed class IgnorePatternTests
{
    // By the rules of gitignore(5).
    [Theory]
    [InlineData("*.log", "a/b.log", false, true)]
    [InlineData("*.log", "a/b.logs", false, false)]
    [InlineData("/a.txt", "a.txt", false, true)]
    [InlineData("/a.txt", "b/a.txt", false, false)]
    [InlineData("a/b", "a/b", false, true)]
    [InlineData("a/b", "c/a/b", false, false)]
    [InlineData("build/", "x/build", true, true)]
    [InlineData("build/", "x/build", false, false)]
    [InlineData("**/c", "a/b/c", false, true)]
    [InlineData("**/c", "c", false, true)]
    [InlineData("a/**/c", "a/c", false, true)]
    [InlineData("a/**/c", "a/x/y/c", false, true)]
    [InlineData("a/**", "a/x/y", false, true)]
    [InlineData("a/*", "a/x/y", false, false)]
    [InlineData("?.c", "x.c", false, true)]
    [InlineData("[a-c]x", "bx", false, true)]
    [InlineData("[!a-c]x", "bx", false, false)]
    [InlineData("\\#x", "#x", false, true)]
    [InlineData("\\!x", "!x", false, true)]
    [InlineData("trail  ", "trail", false, true)]
    public void Matches_as_Git_does(string line, string path, bool isFolder, bool matches) =>
        Assert.Equal(matches, IgnorePattern.Read(line)!.Matches(path, isFolder));

    [Theory]
    [InlineData("")]
    [InlineData("# a comment")]
    [InlineData("   ")]
    public void Passes_over_comments_and_blank_lines(string line) => Assert.Null(IgnorePattern.Read(line));

    [Fact]
    public void A_later_line_takes_back_an_earlier_one_and_a_deeper_file_goes_over_a_higher_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".dvcignore", "*.log\n!keep.log\n");
        folder.Write("sub/.dvcignore", "!*.log\n");

        Assert.True(IgnoreScope.IgnoresAnywhere(folder.Path, "a.log", false, ".dvcignore"));
        Assert.False(IgnoreScope.IgnoresAnywhere(folder.Path, "keep.log", false, ".dvcignore"));
        Assert.False(IgnoreScope.IgnoresAnywhere(folder.Path, "sub/a.log", false, ".dvcignore"));
        Assert.True(IgnoreScope.IgnoresAnywhere(folder.Path, "x/.git/config", false, ".dvcignore"));
    }
}
