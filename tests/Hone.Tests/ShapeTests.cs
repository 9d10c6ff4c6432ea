using System.Reflection;
using System.Runtime.CompilerServices;
using Hone.Tuning;

namespace Hone.Tests;

/// <summary>Holds the house rules that no analyzer holds.</summary>
public sealed class ShapeTests
{
    private const int MostLines = 400;

    [Fact]
    public void The_domain_references_the_base_class_library_and_nothing_else()
    {
        var references = typeof(Tuner).Assembly.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void No_source_file_is_longer_than_one_concept()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories);

        Assert.Empty(files.Where(file => File.ReadLines(file).Count() > MostLines).Select(file => Path.GetRelativePath(Root(), file)));
    }

    [Fact]
    public void Every_concrete_class_of_the_domain_is_sealed()
    {
        var open = typeof(Tuner).Assembly.GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && !type.IsSealed && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

        Assert.Empty(open.Select(type => type.FullName));
    }

    [Fact]
    public void Every_decision_page_is_named_in_its_index_order()
    {
        var pages = Directory.GetFiles(Path.Combine(Root(), "docs", "decisions"), "*.md").Select(Path.GetFileName).Order().ToArray();

        Assert.NotEmpty(pages);
        Assert.Equal(
            Enumerable.Range(1, pages.Length).Select(i => i.ToString("0000", System.Globalization.CultureInfo.InvariantCulture)),
            pages.Select(page => page![..4]));
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
