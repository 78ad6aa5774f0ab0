namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    [Fact]
    public async Task The_people_in_force_are_those_applied_last()
    {
        Assert.Null(await Store.GetPeopleAsync(Token));
        var (first, second) = (People("{}", minute: 1), People("""{ "people": {} }""", minute: 2));

        await Store.PutPeopleAsync(first, Token);
        Assert.Equal(first, await Store.GetPeopleAsync(Token));
        await Store.PutPeopleAsync(second, Token);
        await Store.PutPeopleAsync(second with { AppliedAt = Some.Start.AddMinutes(3), AppliedBy = "again" }, Token);
        Assert.Equal(second, await Store.GetPeopleAsync(Token));

        // What was in force before may be again.
        await Store.PutPeopleAsync(first with { GitCommit = null }, Token);
        Assert.Equal(first with { GitCommit = null }, await Store.GetPeopleAsync(Token));
    }

    static PeopleRecord People(string content, int minute) => new()
    {
        Hash = PeopleRecord.HashOf(content), Content = content, GitCommit = "c1", AppliedAt = Some.Start.AddMinutes(minute), AppliedBy = "ann@laptop",
    };
}
