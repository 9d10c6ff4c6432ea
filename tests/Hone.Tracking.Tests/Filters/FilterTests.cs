using Hone.Tracking.Filters;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Tests.Filters;

public sealed class FilterTests
{
    private const string Letters = "abz_ .,'\"`%()=<>!\\☃\n;-";
    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">="];

    [Fact]
    public void Any_name_and_any_text_can_be_asked_for_in_quotes()
    {
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var key = Text(random, "\"`\\") + "k";
            var value = Text(random, "\\");
            var quote = random.Next(2) == 0 ? '"' : '`';
            var filter = $"params.{quote}{key}{quote} = '{Quoted(value)}'";

            var condition = Assert.Single(Filter.Parse(filter));

            Assert.True((key, value) == (condition.Subject.Key, condition.Value.Text), $"seed {seed}: {filter} was read as {condition}");
        }
    }

    [Fact]
    public void Conditions_are_read_in_their_order_whatever_the_spaces_and_the_case_of_keywords()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var signs = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Signs[random.Next(Signs.Length)]).ToList();
            var parts = signs.Select((sign, i) => $"metrics.m{i}{Space(random, 0)}{sign}{Space(random, 0)}{i}.5");
            var filter = Space(random, 0) + string.Join($"{Space(random, 1)}{(random.Next(2) == 0 ? "AND" : "and")}{Space(random, 1)}", parts);

            var conditions = Filter.Parse(filter);

            Assert.Equal(signs.Select((_, i) => $"m{i} {i}.5"), conditions.Select(condition => $"{condition.Subject.Key} {condition.Value.Text}"));
        }
    }

    [Fact]
    public void Nothing_makes_the_reader_fail_otherwise_than_by_saying_what_is_wrong()
    {
        string[] pieces = ["metrics", ".", "a", " ", "=", "<", ">", "!", "'", "\"", "`", "(", ")", ",", "1", "-", "e5", "AND", "IN", "NOT", "IS", "NULL", "LIKE", "\\", "☃", "tags.a", "1.5"];
        for (var seed = 1; seed <= 20_000; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var filter = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                Filter.Parse(filter);
                Order.Parse(filter);
            }
            catch (TrackingException refusal)
            {
                Assert.Equal(TrackingError.Invalid, refusal.Error);
            }
        }
    }

    [Theory]
    [InlineData("a = ''", "")]
    [InlineData("a = ''''", "'")]
    [InlineData("a = 'it''s'", "it's")]
    [InlineData("a = 'it\\'s'", "it's")]
    [InlineData("a = \"it's\"", "it's")]
    [InlineData("a = \"say \"\"x\"\"\"", "say \"x\"")]
    [InlineData("a='AND'", "AND")]
    [InlineData("a = 'x=1, (y)'", "x=1, (y)")]
    public void Quotes_within_quotes_are_written_twice_or_after_a_backslash(string filter, string expected) =>
        Assert.Equal(expected, Assert.Single(Filter.Parse(filter)).Value.Text);

    [Fact]
    public void A_filter_has_limits()
    {
        Assert.Equal(
            "A filter can have at most 100 conditions.",
            Assert.Throws<TrackingException>(() => Filter.Parse(string.Join(" AND ", Enumerable.Repeat("metrics.a > 1", 101)))).Message);
        Assert.Equal(
            "A filter can have at most 10000 members of a list.",
            Assert.Throws<TrackingException>(() => Filter.Parse($"run_id IN ({string.Join(',', Enumerable.Repeat("'a'", 10_001))})")).Message);
    }

    private static string Text(Random random, string without) => new([.. Enumerable.Range(0, random.Next(8))
        .Select(_ => Letters[random.Next(Letters.Length)]).Where(letter => !without.Contains(letter))]);

    // No text here has a backslash: one that stands before a quote, or at the end, cannot be written in a filter.
    private static string Quoted(string value) => value.Replace("'", "''", StringComparison.Ordinal);

    private static string Space(Random random, int least) => string.Concat(Enumerable.Repeat(" ", random.Next(least, least + 3)));
}
