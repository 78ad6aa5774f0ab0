using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Approvals;

public class ApprovalReaderTests
{
    [Fact]
    public void A_question_with_everything_is_read()
    {
        var read = Read(
            """
            "approvers": ["ann", "group:dba"], "count": 2, "fourEyes": false, "verified": true, "expiresAfter": "2w", "onTimeout": "continue",
            "remindEvery": "1d", "escalate": { "after": "3d", "to": ["group:oncall"] }, "evidence": ["plan", "${steps.plan.outputs.hash}", "${input.size}"]
            """);

        Assert.Empty(read.Problems);
        var approval = read.Value!.Steps[1].Approval!;
        Assert.Equal(["ann", "group:dba"], approval.Approvers);
        Assert.Equal((2, false, true, TimeSpan.FromDays(14), true), (approval.Count, approval.FourEyes, approval.Verified, approval.Timeout, approval.ContinueOnTimeout));
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(3)), (approval.RemindEvery, approval.Escalate!.After));
        Assert.Equal(["group:oncall"], approval.Escalate.To);
        Assert.Equal(["plan", "${steps.plan.outputs.hash}", "${input.size}"], approval.Evidence);
    }

    [Fact]
    public void Four_eyes_are_the_rule_and_the_older_name_of_the_expiry_is_known()
    {
        var approval = Read(""" "timeout": "4h" """).Value!.Steps[1].Approval!;

        Assert.Equal((true, 1, false, TimeSpan.FromHours(4)), (approval.FourEyes, approval.Count, approval.Verified, approval.Timeout));
    }

    [Theory]
    [InlineData(""" "approvers": ["anne"] """, "JOB062", "declares no person 'anne'", "Did you mean 'ann'?")]
    [InlineData(""" "approvers": ["group:dbas"] """, "JOB062", "declares no group 'dbas'", "Did you mean 'dba'?")]
    [InlineData(""" "approvers": ["an n"] """, "JOB062", "Expected a person or a group", "group:dba")]
    [InlineData(""" "approvers": [] """, "JOB007", "found 0", "Write")]
    [InlineData(""" "approvers": "ann" """, "JOB004", "Expected a list", "Write")]
    [InlineData(""" "count": 0 """, "JOB007", "not between", "")]
    [InlineData(""" "count": 3, "approvers": ["ann", "bob"] """, "JOB007", "3 people have to approve, and 2 may", "Name more")]
    [InlineData(""" "expiresAfter": "1h", "timeout": "1h" """, "JOB002", "mean the same", "Keep")]
    [InlineData(""" "expiresAfter": "52w", "remindEvery": "1h" """, "JOB007", "more than 500 reminders", "less often")]
    [InlineData(""" "expiresAfter": "1h", "escalate": { "after": "1h", "to": ["ann"] } """, "JOB007", "over before", "sooner")]
    [InlineData(""" "escalate": { "after": "1h" } """, "JOB005", "'to' is missing", "Add")]
    [InlineData(""" "escalate": { "after": "1h", "to": ["ann"], "who": 1 } """, "JOB003", "'who' is not known", "")]
    [InlineData(""" "evidence": ["paln"] """, "JOB027", "no step before", "Did you mean 'plan'?")]
    [InlineData(""" "recheck": ["paln"] """, "JOB027", "no step before", "Did you mean 'plan'?")]
    [InlineData(""" "recheck": ["plan"] """, "JOB038", "cannot be done again", "idempotent")]
    [InlineData(""" "evidence": ["sign-off"] """, "JOB027", "no step before", "")]
    [InlineData(""" "evidence": ["${steps.later.outputs.x}"] """, "JOB027", "no step before this one 'later'", "")]
    public void What_is_wrong_is_found_with_its_place(string approval, string code, string message, string fix)
    {
        var problem = Assert.Single(Read(approval).Problems);

        Assert.Equal((code, 4), (problem.Code, problem.Line));
        Assert.Contains(message, problem.Message);
        Assert.Contains(fix, problem.Fix);
    }

    [Fact]
    public void Anybody_is_enough_people_for_any_count() => Assert.Empty(Read(""" "count": 3, "escalate": { "after": "1h", "to": ["ann"] } """).Problems);

    [Fact]
    public void Signed_answers_need_somebody_with_a_key() => Assert.Equal(
        "JOB062", Assert.Single(Read(""" "verified": true """, """{ "people": { "ann": {} } }""").Problems).Code);

    /// <summary>A bundle has been checked, and has no people.json in it.</summary>
    [Fact]
    public void Without_people_at_hand_names_are_not_looked_up() => Assert.Empty(Read(""" "approvers": ["group:any"], "verified": true """, people: null).Problems);

    static Schedules.ReadResult<JobDefinition> Read(string approval) => Read(approval, SamplePeople.Json());

    static Schedules.ReadResult<JobDefinition> Read(string approval, string? people)
    {
        var files = new Dictionary<string, string> { ["plan.sh"] = "#!/bin/sh\n" };
        if (people is not null)
            files[People.FileName] = people;
        return JobReader.Read(
            "change",
            $$"""
            { "input": { "size": { "type": "int", "default": 1 } },
              "steps": [
                { "name": "plan", "run": "plan.sh" },
                { "name": "sign-off", "approval": { "message": "Go?", {{approval.ReplaceLineEndings(" ")}} } },
                { "name": "later", "run": "plan.sh" } ] }
            """, "job.json", files);
    }
}
