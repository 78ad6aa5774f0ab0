using System.Text.Json.Nodes;
using Maintenance.Jobs.Definition;
using static Maintenance.Jobs.Definition.JobSchema;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Approvals;

/// <summary>The members of an approval, for <see cref="JobSchema"/>.</summary>
static class ApprovalSchema
{
    public static JsonObject Members() => new()
    {
        ["message"] = Text("What the person is asked; ${…} is replaced."),
        ["approvers"] = PeopleList("Who may answer; default anybody."),
        ["count"] = Whole("So many different people have to approve; one who rejects is enough.", 1, ApprovalReader.PeopleMax, 1),
        ["fourEyes"] = StepSchemas.Described(
            new JsonObject { ["type"] = "boolean", ["default"] = true }, "Who started the run may not approve it."),
        ["verified"] = Flag("Only answers that are signed with a key of jobs/people.json count."),
        ["expiresAfter"] = Duration("Nobody answering so long ends the wait, which is not part of the run's time limit.", JobDefaults.ApprovalTimeout),
        ["timeout"] = Duration("The older name of 'expiresAfter'."),
        ["onTimeout"] = new JsonObject
        {
            ["enum"] = Values(["fail", "continue"]), ["default"] = "fail", ["description"] = "What follows then.",
        },
        ["remindEvery"] = Duration("The message goes out again so often until somebody answers."),
        ["escalate"] = Ref("escalate"),
        ["evidence"] = List(
            Text("Name of a step before this one, or a text with ${…}.", null, "plan", "${steps.plan.outputs.hash}"),
            "What is approved besides the job's files, input and targets; default all outputs of the steps before."),
        ["recheck"] = List(
            Text("Name of an idempotent step before this one.", null, "plan"), "Steps that are done again after the yes: with another result it is void."),
    };

    public static JsonObject Escalation() => new()
    {
        ["after"] = Duration("Nobody answering so long widens the circle."),
        ["to"] = PeopleList("Who may then answer too, and is told."),
    };

    static JsonObject PeopleList(string description) =>
        List(Text("A person, or group:NAME, of jobs/people.json.", null, "ann", "group:dba"), description, minItems: 1);
}
