using System.Globalization;
using System.Text;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Tests.Objects;

public sealed class ManifestTests
{
    [Theory]
    [InlineData("cd/e7ae249ce845d40d3f869f7e784a25.dir", 20)]
    [InlineData("45/b1eb2ff8072c35f82255c3c22c1ae9.dir", 1)]
    public void Reads_and_writes_what_DVC_wrote_byte_for_byte(string name, int files)
    {
        using var folder = Golden.Unpack("a_add");
        var json = File.ReadAllBytes(folder[".dvc/cache/files/md5/" + name]);

        var manifest = Manifest.Read(json, name);
        var again = Manifest.Of(manifest.Entries.Reverse());

        Assert.Equal(files, manifest.Entries.Count);
        Assert.Equal(name.Replace("/", "", StringComparison.Ordinal), manifest.Id.ToString());
        Assert.Equal(json, again.Json.ToArray());
    }

    [Fact]
    public void An_empty_folder_has_the_id_that_DVC_gives_it() =>
        Assert.Equal("d751713988987e9331980363e24189ce.dir", Manifest.Of([]).Id.ToString());

    [Fact]
    public void Any_names_survive_and_stand_in_the_order_of_code_points()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var paths = Enumerable.Range(0, random.Next(30)).Select(_ => "n" + Name(random)).Distinct(StringComparer.Ordinal).ToList();

            var manifest = Manifest.Read(Manifest.Of(paths.Select(path => new ManifestEntry(path, default))).Json.ToArray(), "seed");

            // Python's order: UTF-32 units compared one by one.
            var expected = paths.OrderBy(path => string.Concat(Points(path)), StringComparer.Ordinal).ToList();
            Assert.True(expected.SequenceEqual(manifest.Entries.Select(entry => entry.Path)), $"seed {seed}");
            Assert.All(manifest.Json.ToArray(), b => Assert.InRange(b, (byte)0x20, (byte)0x7e));
            Assert.All(paths, path => Assert.NotNull(manifest.Find(path)));
        }
    }

    [Theory]
    [InlineData("""[{"md5": "d41d8cd98f00b204e9800998ecf8427e", "relpath": "../up"}]""", "'m' names '../up', which lies outside of its folder; it is not used")]
    [InlineData("""[{"md5": "d41d8cd98f00b204e9800998ecf8427e", "relpath": "/etc/x"}]""", "'m' names '/etc/x', which lies outside of its folder; it is not used")]
    [InlineData("""[{"md5": "xyz", "relpath": "a"}]""", "'m' is no manifest of a folder: expected a JSON array of objects with md5 and relpath")]
    [InlineData("""{"a": 1}""", "'m' is no manifest of a folder: expected a JSON array of objects with md5 and relpath")]
    public void Refuses_what_is_no_manifest_or_leaves_its_folder(string json, string message) =>
        Assert.Equal(message, Assert.Throws<PipelineException>(() => Manifest.Read(Encoding.UTF8.GetBytes(json), "m")).Message);

    [Fact]
    public void A_name_that_is_not_UTF8_survives_as_Python_writes_it()
    {
        byte[] name = [0x61, 0xff, 0x62];
        var bytes = new byte[16];

        var text = PathText.Decode(name);

        Assert.Equal("a\uDCFFb", text);
        Assert.Equal(name, bytes[..PathText.Encode(text, bytes)]);
        Assert.Contains("a\\udcffb", Encoding.ASCII.GetString(Manifest.Of([new ManifestEntry(text, default)]).Json.Span), StringComparison.Ordinal);
    }

    private static string Name(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            text.Append(random.Next(7) switch
            {
                0 => "/d",
                1 => char.ConvertFromUtf32(random.Next(0x1F600, 0x1F640)),
                2 => ((char)random.Next(0xE000, 0xFFFE)).ToString(),
                3 => ((char)random.Next(1, 32)).ToString(),
                4 => "-.\"\\\u007f"[random.Next(5)].ToString(),
                _ => ((char)random.Next('a', 'z')).ToString(),
            });
        }

        return text.ToString();
    }

    private static IEnumerable<string> Points(string text) => text.EnumerateRunes().Select(rune => rune.Value.ToString("x8", CultureInfo.InvariantCulture));
}
