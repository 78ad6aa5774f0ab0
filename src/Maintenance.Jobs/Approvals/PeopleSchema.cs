using System.Text.Json.Nodes;
using Maintenance.Jobs.Definition;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Approvals;

/// <summary>The JSON Schema of jobs/people.json for editors.</summary>
public static class PeopleSchema
{
    const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    public static string ToJson() => Written(FileOf(
        "people.json of Maintenance",
        new()
        {
            ["people"] = ByName("person", "The people who may answer, by name."),
            ["groups"] = ByName("peopleNames", "Groups of people by name; an approver 'group:NAME' is each of them."),
            ["delegations"] = JobSchema.List(Ref("delegation"), "Who stands in for whom, and when."),
        },
        new()
        {
            ["peopleNames"] = JobSchema.List(Text("Name of a person."), "Names of people; a group cannot be empty.", minItems: 1),
            ["person"] = Object("One person.", new()
            {
                ["keys"] = JobSchema.List(
                    Text("A public key, as `maintenance people key NAME` prints it."), "The keys by which the person's answers are known."),
                ["logins"] = JobSchema.List(Text("Name of an account."), "Accounts that are this person too, such as amiller or ann@laptop."),
            }),
            ["delegation"] = Object("For these days one person may answer for another; it cannot be passed on.", new()
            {
                ["of"] = Text("Who is away."),
                ["to"] = Text("Who answers."),
                ["from"] = Text("The first day, in UTC.", Day, "2026-12-20"),
                ["until"] = Text("The last day, included.", Day, "2027-01-03"),
            }, "of", "to", "from", "until"),
        },
        "people"));

    static JsonObject ByName(string definition, string description) =>
        new() { ["type"] = "object", ["description"] = description, ["additionalProperties"] = Ref(definition) };
}
