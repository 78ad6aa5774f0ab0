using Maintenance.Jobs.Approvals;
using static Maintenance.Jobs.Tests.Approvals.SamplePeople;

namespace Maintenance.Jobs.Tests.Approvals;

public class PeopleTests
{
    static readonly DateOnly Day = new(2026, 12, 24);

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("ANN", "ann")]
    [InlineData("ann@laptop", "ann")]
    [InlineData("amiller@server", "ann")]
    [InlineData("eve@laptop", "eve")]
    public void Accounts_and_machines_belong_to_one_person(string said, string name) => Assert.Equal(name, Of().NameOf(said));

    [Theory]
    [InlineData("bob", "group:dba", "bob")]
    [InlineData("carla", "group:dba", null)]
    [InlineData("carla", "carla", "carla")]
    [InlineData("bob", "group:nobody", null)]
    public void An_approver_is_named_or_in_a_group(string person, string approver, string? behind) =>
        Assert.Equal(behind, Of().ApproverBehind(person, [approver], Day, except: null));

    [Theory]
    [InlineData("2026-12-20", "2026-12-24", "ann")]
    [InlineData("2026-12-24", "2026-12-31", "ann")]
    [InlineData("2026-12-20", "2026-12-23", null)]
    [InlineData("2026-12-25", "2026-12-31", null)]
    public void A_stand_in_answers_on_the_days_of_the_delegation(string from, string until, string? behind)
    {
        var people = Of(Delegation("ann", "carla", DateTimeOffset.Parse(from), DateTimeOffset.Parse(until)));

        Assert.Equal(behind, people.ApproverBehind("carla", ["group:dba"], Day, except: null));
        Assert.Equal(behind is null, people.LapsedFor("carla", ["group:dba"], Day) is not null);
        Assert.Null(people.ApproverBehind("carla", ["group:dba"], Day, except: "ann"));
    }

    [Fact]
    public void A_stand_in_cannot_pass_it_on()
    {
        var (from, until) = (DateTimeOffset.Parse("2026-12-24"), DateTimeOffset.Parse("2026-12-24"));
        var people = Of($"{Delegation("ann", "carla", from, until)}, {Delegation("carla", "bob", from, until)}");

        Assert.Null(people.ApproverBehind("bob", ["ann"], Day, except: null));
    }

    [Theory]
    [InlineData("""{ "groups": {} }""", "PPL005")]
    [InlineData("""{ "people": { "a b": {} } }""", "PPL010")]
    [InlineData("""{ "people": { "ann": { "key": [] } } }""", "PPL003")]
    [InlineData("""{ "people": { "ann": { "keys": ["AAAA"] } } }""", "PPL022")]
    [InlineData("""{ "people": { "ann": { "keys": [7] } } }""", "PPL022")]
    [InlineData("""{ "people": { "ann": { "logins": ["x"] }, "bob": { "logins": ["X"] } } }""", "PPL021")]
    [InlineData("""{ "people": { "ann": { "logins": ["bob"] }, "bob": {} } }""", "PPL021")]
    [InlineData("""{ "people": { "ann": {} }, "groups": { "g": ["anne"] } }""", "PPL027")]
    [InlineData("""{ "people": { "ann": {} }, "groups": { "g": [] } }""", "PPL004")]
    [InlineData("""{ "people": { "ann": {} }, "delegations": [ { "of": "ann", "to": "bob", "from": "2026-01-01", "until": "2026-01-02" } ] }""", "PPL027")]
    [InlineData("""{ "people": { "ann": {}, "bob": {} }, "delegations": [ { "of": "ann", "to": "bob", "from": "2026-01-03", "until": "2026-01-02" } ] }""", "PPL023")]
    [InlineData("""{ "people": { "ann": {}, "bob": {} }, "delegations": [ { "of": "ann", "to": "bob", "from": "soon", "until": "2026-01-02" } ] }""", "PPL023")]
    [InlineData("""{ "people": { "ann": {} }, "delegations": [ { "of": "ann", "to": "ann", "from": "2026-01-01", "until": "2026-01-02" } ] }""", "PPL023")]
    public void What_is_wrong_is_found(string json, string code) => Assert.Equal(code, Assert.Single(PeopleReader.Read(json, "people.json").Problems).Code);

    [Fact]
    public void A_key_belongs_to_one_person() => Assert.Equal(
        "PPL021",
        Assert.Single(PeopleReader.Read($$"""{ "people": { "ann": { "keys": ["{{Ann.Public.Text}}"] }, "bob": { "keys": ["{{Ann.Public.Text}}"] } } }""", "p").Problems).Code);

    [Fact]
    public void All_problems_are_told_at_once_with_their_places()
    {
        var problems = PeopleReader.Read(
            """
            { "people": { "ann": { "keys": ["x"] } },
              "groups": { "dba": ["anna"] },
              "delegations": [ { "of": "ann", "to": "bob" } ] }
            """, "jobs/people.json").Problems;

        Assert.Equal(
            ["1:33 PPL022", "2:23 PPL027", "3:20 PPL005", "3:20 PPL005", "3:41 PPL027"], problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"));
        Assert.Equal("Did you mean 'ann'?", problems[1].Fix);
    }
}
