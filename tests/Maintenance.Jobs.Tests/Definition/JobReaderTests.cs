using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

public class JobReaderTests
{
    static readonly Dictionary<string, string> _files = new() { ["a.sh"] = "#!/bin/sh\n", ["b.sh"] = "#!/bin/sh\n", ["bare.sh"] = "echo\n", ["data.sql"] = "select 1" };

    [Fact]
    public void A_whole_job_is_read_with_its_defaults()
    {
        var job = Read("""
            {
              "$schema": "x", "description": "d", // a comment
              "input": { "db": { "type": "string" }, "age": { "type": "duration", "default": "26h" } },
              "steps": [
                { "name": "first", "run": "a.sh", "retry": { "attempts": 3, "stopOnExitCodes": [64] }, "env": { "DB": "${input.db}", "LITERAL": "$${x}" }, "undo": "b.sh", "files": ["data.sql"] },
                { "name": "ask", "approval": { "message": "Go on with ${steps.first.outputs.path}?", "timeout": "4h" } },
                { "name": "pause", "wait": "5m" },
              ],
              "finally": [ { "name": "last", "run": "b.sh", "idempotent": true, "secrets": { "PW": "env:PW" } } ],
            }
            """);

        Assert.Equal(["run", "approval", "wait"], job.Steps.Select(s => s.Kind));
        Assert.Equal(JobDefaults.StepTimeout, job.Steps[0].Timeout);
        Assert.Equal(JobDefaults.RunTimeout, job.Timeout);
        Assert.Equal(OnUnknown.Fail, job.Steps[0].OnUnknown);
        Assert.Equal(OnUnknown.Retry, job.Finally[0].OnUnknown);
        Assert.Equal("93600", job.Input[1].Default);
        Assert.Equal(["a.sh", "b.sh", "data.sql"], job.FileNames());
    }

    [Fact]
    public void All_problems_are_reported_at_once_with_their_places()
    {
        var read = JobReader.Read("j", """
            {
              "steps": [
                { "name": "one", "run": "missing.sh" },
                { "name": "one", "run": "a.sh", "timout": "5m", "env": { "1X": "${input.nope}" } },
                { "name": "three", "htpp": {} }
              ],
              "locks": ["no good"]
            }
            """, "job.json", _files);

        Assert.Null(read.Value);
        Assert.Equal(
            ["3:29 JOB024", "4:15 JOB021", "4:37 JOB003", "4:62 JOB029", "4:69 JOB027", "5:5 JOB022", "5:24 JOB003", "7:13 JOB010"],
            read.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"));
        Assert.Contains("'timeout'", read.Problems[2].Fix);
    }

    [Theory]
    [InlineData("""{ "steps": [] }""", "JOB020", "needs at least one step")]
    [InlineData("""{ }""", "JOB005", "'steps' is missing")]
    [InlineData("""{ "steps": [ { "name": "a" } ] }""", "JOB022", "does not say what it does")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh", "wait": "5m" } ] }""", "JOB022", "of 2 kinds")]
    [InlineData("""{ "steps": [ { "name": "a b", "run": "a.sh" } ] }""", "JOB010", "no name for a step")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "../a.sh" } ] }""", "JOB037", "beside job.json")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "bare.sh" } ] }""", "JOB026", "#!")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh", "env": { "X": "${date}" } } ] }""", "JOB028", "is no reference")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh", "env": { "X": "${steps.b.outputs.x}" } }, { "name": "b", "run": "b.sh" } ] }""", "JOB027", "no step before this one 'b'")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh", "env": { "MAINTENANCE_X": "1" } } ] }""", "JOB029", "MAINTENANCE_X")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh", "secrets": { "PW": "hunter2" } } ] }""", "JOB031", "never the value itself")]
    [InlineData("""{ "input": { "n": { "type": "int", "default": "x" } }, "steps": [ { "name": "a", "run": "a.sh" } ] }""", "JOB032", "whole number")]
    [InlineData("""{ "input": { "n": { "type": "string", "pattern": "(" } }, "steps": [ { "name": "a", "run": "a.sh" } ] }""", "JOB033", "regular expression")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh" } ], "finally": [ { "name": "b", "approval": { "message": "?" } } ] }""", "JOB038", "keep a failed run open")]
    [InlineData("""{ "steps": [ { "name": "a", "run": "a.sh" """, "JOB001", "not JSON")]
    public void Each_mistake_has_its_code_and_its_words(string text, string code, string words)
    {
        var problem = Assert.Single(JobReader.Read("j", text, "job.json", _files).Problems);

        Assert.Equal(code, problem.Code);
        Assert.Contains(words, problem.Message + problem.Fix);
    }

    static JobDefinition Read(string text)
    {
        var read = JobReader.Read("j", text, "job.json", _files);
        Assert.True(read.Ok, string.Join('\n', read.Problems));
        return read.Value;
    }
}
