namespace Maintenance.Records.Tests;

public sealed class RunStoresTests
{
    [Theory]
    [InlineData("Host=db;Database=m;Username=u;Password=secret", "Postgres db:5432/m")]
    [InlineData("Username=u;Host=db;Database=m", "Postgres db:5432/m")]
    [InlineData("postgres://u:se%20cret@db:6000/m?SSL%20Mode=Require", "Postgres db:6000/m")]
    [InlineData("/var/lib/maintenance/records.db", "SQLite /var/lib/maintenance/records.db")]
    [InlineData("sqlite:/x/records.db", "SQLite /x/records.db")]
    [InlineData("Data Source=/x/records.db", "SQLite /x/records.db")]
    public async Task The_text_chooses_the_store_and_the_password_is_not_shown(string text, string description)
    {
        await using var store = RunStores.Open(text);

        Assert.Equal(description, store.Description);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host=db;Pasword=secret")]
    [InlineData("postgres://")]
    public void A_text_that_is_not_understood_is_refused_without_its_secrets(string text)
    {
        var refused = Assert.Throws<ArgumentException>(() => RunStores.Open(text));

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
