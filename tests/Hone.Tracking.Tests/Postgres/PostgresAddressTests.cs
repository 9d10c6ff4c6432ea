using Hone.Tracking.Postgres;
using Hone.Tracking.Store;

namespace Hone.Tracking.Tests.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://me@db:6000/team", "postgres://me@db:6000/team")]
    [InlineData("postgresql://db/team", "postgres://db:5432/team")]
    [InlineData("POSTGRES://me:s%40cret@db/team%20two?sslmode=require", "postgres://me@db:5432/team two")]
    [InlineData("postgres://me@localhost/team?host=/run/postgresql&connect_timeout=3", "postgres://me@/run/postgresql:5432/team")]
    public void Is_shown_without_its_password(string address, string shown)
    {
        Assert.Equal(shown, StudyStore.Shown(address));
        Assert.Equal(Path.Combine(".hone", "hone.db"), StudyStore.LocalPath(address));
    }

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres://me:secret@db")]
    [InlineData("postgres://me:secret@db:port/team")]
    [InlineData("postgres://me:secret@db/team?colour=secret")]
    [InlineData("postgres://me:secret@db/team?connect_timeout=secret")]
    public void One_that_cannot_be_read_is_refused_without_a_word_of_the_password(string address)
    {
        var refusal = Assert.Throws<StudyStoreException>(() => PostgresAddress.Parse(address));

        Assert.StartsWith("The store's address ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_no_address() => Assert.Equal("hone.db", StudyStore.Shown("hone.db"));

    [Fact]
    public async Task A_database_that_is_not_there_is_told_without_the_password()
    {
        var refusal = await Assert.ThrowsAsync<StudyStoreException>(
            () => StudyStore.OpenAsync("postgres://me:secret@127.0.0.1:1/team", TimeProvider.System));

        Assert.Equal("The database postgres://me@127.0.0.1:1/team cannot be reached (Connection refused).", refusal.Message);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }
}
