using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

/// <summary>Mistakes in the kinds and controls of steps: each has its place, its code and its words.</summary>
public class StepReaderTests
{
    static readonly Dictionary<string, string> _files = new()
    {
        ["a.sh"] = "#!/bin/sh\n",
        ["q.sql"] = "select 1",
        ["hosts.json"] = """{ "hosts": { "web-1": { "labels": { "role": "web" } }, "db-1": {} }, "groups": { "db": ["db-1"] } }""",
    };

    [Theory]
    [InlineData("""{ "wait": { "for": "5m", "until": "22:00", "timeZone": "UTC" } }""", "JOB022", "exactly one of for, until and command")]
    [InlineData("""{ "wait": { "until": "22:00" } }""", "JOB005", "'timeZone' is missing")]
    [InlineData("""{ "wait": { "until": "22:00", "timeZone": "Europe/Berln" } }""", "JOB009", "Did you mean 'Europe/Berlin'")]
    [InlineData("""{ "wait": { "until": "10pm", "timeZone": "UTC" } }""", "JOB007", "'10pm' is no time")]
    [InlineData("""{ "wait": { "command": "a.sh", "interval": "100ms", "timeout": "1h" } }""", "JOB007", "more than 3000 looks")]
    [InlineData("""{ "wait": { "command": "nope.sh" } }""", "JOB024", "no file 'nope.sh'")]
    [InlineData("""{ "http": { } }""", "JOB005", "'url' is missing")]
    [InlineData("""{ "http": { "url": "ftp://x/" } }""", "JOB007", "no http or https address")]
    [InlineData("""{ "http": { "url": "http://x/", "method": "FETCH" } }""", "JOB008", "Expected one of GET")]
    [InlineData("""{ "http": { "url": "http://x/${input.b}" } }""", "JOB027", "Did you mean 'a'")]
    [InlineData("""{ "http": { "url": "http://x/", "secretHeaders": { "Authorization": "Bearer hunter2" } } }""", "JOB031", "never the value itself")]
    [InlineData("""{ "http": { "url": "http://x/", "headers": { "Authorization": "${input.pw}" } } }""", "JOB031", "is a secret, which no text may have in it")]
    [InlineData("""{ "http": { "url": "http://x/", "body": "a", "json": {} } }""", "JOB038", "one body")]
    [InlineData("""{ "http": { "url": "http://x/", "json": { "a": ["${input.nope}"] } } }""", "JOB027", "no input 'nope'")]
    [InlineData("""{ "http": { "url": "http://x/", "expect": { "status": "2x" } } }""", "JOB007", "Expected a status")]
    [InlineData("""{ "http": { "url": "http://x/", "expect": { "json": { "state": "x" } } } }""", "JOB010", "no JSON pointer")]
    [InlineData("""{ "sql": { "connection": "env:X" } }""", "JOB022", "either a query or a file")]
    [InlineData("""{ "sql": { "connection": "env:X", "query": "select '${input.a}'" } }""", "JOB041", "never put into the text")]
    [InlineData("""{ "sql": { "connection": "orders", "query": "select 1" } }""", "JOB027", "Did you mean 'order'")]
    [InlineData("""{ "sql": { "connection": "Host=x;Password=y", "query": "select 1" } }""", "JOB031", "never the value itself")]
    [InlineData("""{ "sql": { "connection": "env:X", "file": "nope.sql" } }""", "JOB024", "no file 'nope.sql'")]
    [InlineData("""{ "job": "j" }""", "JOB042", "starts itself")]
    [InlineData("""{ "job": { "name": "other", "input": [1] } }""", "JOB004", "Expected an object")]
    [InlineData("""{ "run": "a.sh", "restarts": "service" }""", "JOB008", "host, runner")]
    [InlineData("""{ "run": "a.sh", "restarts": { "part": "service" } }""", "JOB038", "by its unit or by its pid file")]
    [InlineData("""{ "run": "a.sh", "restarts": { "part": "host", "unit": "x" } }""", "JOB038", "only a service is")]
    [InlineData("""{ "run": "a.sh", "when": "${input.a} = 3" }""", "JOB039", "is not expected here")]
    [InlineData("""{ "run": "a.sh", "when": "${input.nope} == 3" }""", "JOB027", "no input 'nope'")]
    [InlineData("""{ "run": "a.sh", "env": { "X": "${item}" } }""", "JOB027", "in a step with 'forEach'")]
    [InlineData("""{ "run": "a.sh", "forEach": ["x"], "env": { "X": "${host.name}" } }""", "JOB027", "over hosts")]
    [InlineData("""{ "run": "a.sh", "forEach": { "hosts": {} }, "env": { "X": "${host.nme}" } }""", "JOB027", "Did you mean 'name'")]
    [InlineData("""{ "run": "a.sh", "forEach": "a b" }""", "JOB004", "one reference to a list")]
    [InlineData("""{ "run": "a.sh", "forEach": { "hosts": { "group": "bd" } } }""", "JOB027", "Did you mean 'db'")]
    [InlineData("""{ "run": "a.sh", "forEach": { "hosts": { "labels": { "role": "wbe" } } } }""", "JOB027", "Did you mean 'web'")]
    [InlineData("""{ "run": "a.sh", "forEach": { "hosts": { "names": ["web-2"] } } }""", "JOB027", "no host 'web-2'")]
    [InlineData("""{ "run": "a.sh", "maxParallel": 2 }""", "JOB038", "belongs to a step with 'forEach'")]
    [InlineData("""{ "run": "a.sh", "forEach": ["x"], "waves": [0] }""", "JOB007", "a number of targets")]
    [InlineData("""{ "run": "a.sh", "forEach": ["x"], "failureBudget": "120%" }""", "JOB007", "a part of them")]
    [InlineData("""{ "run": "a.sh", "forEach": ["x"], "between": { "wait": "1m" } }""", "JOB038", "nothing between them")]
    [InlineData("""{ "run": "a.sh", "window": { "from": "22", "to": "05:00", "timeZone": "UTC" } }""", "JOB007", "'22' is no time of day")]
    [InlineData("""{ "run": "a.sh", "window": { "from": "22:00", "to": "05:00", "timeZone": "UTC", "days": ["monday"] } }""", "JOB008", "mon, tue")]
    [InlineData("""{ "run": "a.sh", "retry": { "jitter": 2 } }""", "JOB007", "between 0 and 1")]
    [InlineData("""{ "approval": { "message": "?" }, "retry": { "attempts": 2 } }""", "JOB038", "not asked again")]
    [InlineData("""{ "approval": { "message": "?" }, "forEach": ["x"] }""", "JOB038", "asked once")]
    [InlineData("""{ "approval": { "message": "?" }, "runsOn": "x" }""", "JOB038", "runs on no host")]
    [InlineData("""{ "http": { "url": "http://x/" }, "undo": "a.sh" }""", "JOB038", "Write the undo as a step")]
    [InlineData("""{ "http": { "url": "http://x/" }, "verify": "a.sh" }""", "JOB038", "Write the verify as a step")]
    [InlineData("""{ "run": "a.sh", "undo": { "approval": { "message": "?" } } }""", "JOB038", "keep a failed run open")]
    [InlineData("""{ "run": "a.sh", "undo": { "run": "a.sh", "nope": 1 } }""", "JOB003", "'nope' is not known here")]
    public void Each_mistake_of_a_step_has_its_code_and_its_words(string step, string code, string words)
    {
        var problem = Assert.Single(Read(step).Problems);

        Assert.Equal(code, problem.Code);
        Assert.Contains(words, problem.Message + problem.Fix);
    }

    [Fact]
    public void Outputs_that_are_declared_can_be_told_from_slips()
    {
        var read = JobReader.Read("j", """
            { "steps": [
                { "name": "ask", "http": { "url": "http://x/", "outputs": { "ticket": "/id" } } },
                { "name": "use", "run": "a.sh", "args": ["${steps.ask.outputs.ticket} ${steps.ask.outputs.status}", "${steps.ask.outputs.tiket}"] } ] }
            """, "job.json", _files);

        var problem = Assert.Single(read.Problems);
        Assert.Equal((3, 106), (problem.Line, problem.Column));
        Assert.Contains("Did you mean 'ticket'", problem.Fix);
    }

    [Fact]
    public void What_does_no_harm_twice_is_known_by_its_kind()
    {
        var job = Read("""{ "http": { "url": "http://x/" } }, { "name": "b", "http": { "url": "http://x/", "method": "POST" } }, { "name": "c", "sql": { "connection": "env:X", "file": "q.sql", "readOnly": true } }""").Value!;

        Assert.Equal([OnUnknown.Retry, OnUnknown.Fail, OnUnknown.Retry], job.Steps.Select(s => s.OnUnknown));
        Assert.Contains("q.sql", job.FileNames());
    }

    [Theory]
    [InlineData("""{ "hosts": { "a b": {} } }""", "HST010")]
    [InlineData("""{ "hosts": { "a": { "id": "x" }, "b": { "id": "x" } } }""", "HST021")]
    [InlineData("""{ "hosts": { "a": {} }, "groups": { "g": ["c"] } }""", "HST027")]
    [InlineData("""{ "hosts": { "a": {} }, "quorums": { "q": { "group": "g" } } }""", "HST027")]
    [InlineData("""{ "hosts": { "a": {} }, "quorums": { "q": {} } }""", "HST005")]
    [InlineData("""{ "hosts": { "a": { "lables": {} } } }""", "HST003")]
    public void Each_mistake_of_an_inventory_has_its_code(string text, string code) =>
        Assert.Equal(code, Assert.Single(InventoryReader.Read(text, "hosts.json").Problems).Code);

    static Maintenance.Schedules.ReadResult<JobDefinition> Read(string step) => JobReader.Read(
        "j",
        $$"""{ "connections": { "order": "env:ORDERS" }, "input": { "a": { "type": "string" }, "pw": { "type": "secret" } }, "steps": [ { "name": "s", {{step[1..]}} ] }""",
        "job.json", _files);
}
