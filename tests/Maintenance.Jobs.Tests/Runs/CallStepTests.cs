using System.Text.Json;
using Maintenance.Records;
using Maintenance.Records.Tests;
using Microsoft.Data.Sqlite;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Steps that are no scripts, against a real server, real databases and a real plug-in.</summary>
public sealed class CallStepTests(RunFixture it, PostgresServer postgres) : IClassFixture<RunFixture>, IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_request_carries_its_secret_and_gives_outputs_and_nobody_else_sees_the_secret()
    {
        Environment.SetEnvironmentVariable("CALL_TOKEN", "s3cret-token");
        using var server = new SampleServer((request, _) => new(202, $$"""{ "ticket": { "id": 7 }, "echo": "{{request.Headers["Authorization"]}}" }"""));
        var run = await it.StartAsync("http-ok", new { host = "web/1" }, $$$"""
            { "input": { "host": { "type": "string" } },
              "steps": [ { "name": "drain", "http": { "method": "POST", "url": "{{{server.Url}}}/hosts/${input.host}/drain", "json": { "why": "run \"${run.job}\"" },
                "secretHeaders": { "Authorization": "Bearer env:CALL_TOKEN" }, "expect": { "status": 202, "json": { "/ticket/id": 7 } }, "outputs": { "ticket": "/ticket/id" } } } ] }
            """);

        await run.GetResultAsync();
        var record = await it.RecordOf(run);
        var asked = Assert.Single(server.Requests);

        Assert.Equal(("POST", "/hosts/web%2F1/drain", "Bearer s3cret-token"), (asked.Method, asked.Path, asked.Authorization));
        Assert.Equal("""run "http-ok" """.TrimEnd(), JsonDocument.Parse(asked.Body).RootElement.GetProperty("why").GetString());
        Assert.Equal(("7", "202"), (record.Outputs["drain.ticket"], record.Outputs["drain.status"]));
        Assert.DoesNotContain("s3cret-token", (await run.FetchHistoryAsync()).ToJson() + JsonSerializer.Serialize(record));
    }

    [Theory]
    [InlineData("""{ }""", 503, "", "answered 503, expected 2xx")]
    [InlineData("""{ "status": [200, "4xx"] }""", 500, "", "answered 500, expected 200 or 4xx")]
    [InlineData("""{ "contains": "ready" }""", 200, "starting", "answered 200 without the text 'ready'")]
    [InlineData("""{ "json": { "/a/0": "x" } }""", 200, """{ "a": ["y"] }""", "answered 200 with y at /a/0, expected x")]
    [InlineData("""{ "json": { "/a": "x" } }""", 200, "no json", "answered 200 with a text that is no JSON")]
    [InlineData("""{ "headers": { "X-State": "up" } }""", 200, "", "with the header X-State: (none), expected up")]
    public async Task An_answer_that_is_not_as_expected_fails_the_step(string expect, int status, string body, string words)
    {
        using var server = new SampleServer((_, _) => new(status, body));
        var run = await it.StartAsync("http-bad", $$"""{ "steps": [ { "name": "ask", "http": { "url": "{{server.Url}}/x?token=1", "expect": {{expect}} } } ] }""");

        var failure = await FailureOf(run);

        Assert.StartsWith($"Step 'ask' GET {server.Url}/x answered", failure);
        Assert.Contains(words, failure);
    }

    [Fact]
    public async Task A_request_is_tried_again_as_its_policy_says()
    {
        using var server = new SampleServer((_, count) => new(count < 3 ? 503 : 200));
        var run = await it.StartAsync("http-retry", $$"""{ "steps": [ { "name": "ask", "http": { "url": "{{server.Url}}" }, "retry": { "attempts": 5, "initial": "20ms", "jitter": 1 } } ] }""");

        await run.GetResultAsync();

        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Failed, AttemptOutcome.Succeeded], (await it.RecordOf(run)).Steps[0].Attempts.Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_secret_does_not_follow_a_redirect_to_another_origin()
    {
        Environment.SetEnvironmentVariable("CALL_TOKEN", "s3cret-token");
        using var other = new SampleServer((_, _) => new(200));
        using var server = new SampleServer((_, _) => new(302, Location: other.Url + "/there"));
        string Job(string redirects) => $$"""{ "steps": [ { "name": "ask", "http": { "url": "{{server.Url}}", "redirects": "{{redirects}}", "secretHeaders": { "Authorization": "env:CALL_TOKEN" } } } ] }""";

        await (await it.StartAsync("http-any", Job("any"))).GetResultAsync();
        Assert.Equal([null], other.Requests.Select(r => r.Authorization));
        Assert.Contains("another origin", await FailureOf(await it.StartAsync("http-same", Job("sameOrigin"))));
        Assert.Contains("answered 302", await FailureOf(await it.StartAsync("http-none", Job("none"))));
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_or_too_late_fails_the_step()
    {
        using var server = new SampleServer((_, _) => new(200, new string('x', 5000)));
        using var gone = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        gone.Start();

        Assert.Contains("more than 4096 bytes", await FailureOf(await it.StartAsync("http-long", $$"""{ "steps": [ { "name": "ask", "http": { "url": "{{server.Url}}", "maxBytes": 4096 } } ] }""")));
        Assert.Contains("timed out after 300ms", await FailureOf(await it.StartAsync("http-late", $$"""{ "steps": [ { "name": "ask", "timeout": "300ms", "http": { "url": "http://{{gone.LocalEndpoint}}/" } } ] }""")));
    }

    [Fact]
    public async Task A_server_is_trusted_by_the_authority_that_the_step_names_and_by_no_other()
    {
        using var server = new TlsServer();
        await File.WriteAllTextAsync(it.Scratch("ca.pem"), server.AuthorityPem);
        string Job(string more) => $$"""{ "steps": [ { "name": "ask", "http": { "url": "{{server.Url}}"{{more}} } } ] }""";

        await (await it.StartAsync("tls-ca", Job($", \"caFile\": \"{it.Scratch("ca.pem")}\""))).GetResultAsync();
        Assert.Contains("certificate", await FailureOf(await it.StartAsync("tls-system", Job(""))));
        Assert.Contains("cannot be used", await FailureOf(await it.StartAsync("tls-absent", Job($", \"caFile\": \"{it.Scratch("nope.pem")}\""))));
    }

    [Fact]
    public async Task A_statement_gets_values_and_commits_only_what_was_expected()
    {
        Environment.SetEnvironmentVariable("CALL_DB", await postgres.CreateSchemaAsync() + ";Password=pw-in-string");
        var job = """
            { "connections": { "orders": "env:CALL_DB" }, "input": { "name": { "type": "string" } },
              "steps": [
                { "name": "make", "sql": { "connection": "orders", "file": "make.sql" } },
                { "name": "add", "sql": { "connection": "orders", "query": "insert into t values (@n, @name)", "values": { "n": "1", "name": "${input.name}" }, "expect": { "affected": 1 } } },
                { "name": "count", "sql": { "connection": "orders", "readOnly": true, "query": "select count(*) as n, max(name) as name from t", "expect": { "rows": 1, "values": { "n": "1" } }, "outputs": ["n", "name"] } },
                { "name": "late", "sql": { "connection": "orders", "query": "update t set name = 'changed'", "expect": { "affected": { "min": 2 } } } } ] }
            """;
        var run = await it.StartAsync("sql-pg", new { name = "'); drop table t; --" }, job, ("make.sql", "create table t (n int, name text);\n"));

        var failure = await FailureOf(run);
        var record = await it.RecordOf(run);

        Assert.Equal("Step 'late' changed 1 rows, expected at least 2; nothing was committed.", failure);
        Assert.Equal(("1", "'); drop table t; --"), (record.Outputs["count.n"], record.Outputs["count.name"]));
        Assert.Equal("n\tname\n1\t'); drop table t; --\n", record.Steps[2].Attempts[0].Output!.Head);
        Assert.DoesNotContain("pw-in-string", (await run.FetchHistoryAsync()).ToJson());
    }

    [Theory]
    [InlineData("select 1 from nothing_here", "false", "nothing_here", 1)]
    [InlineData("create table x (n int)", "true", "read-only", 3)]
    public async Task A_statement_that_the_database_refuses_is_not_tried_again_in_vain(string query, string readOnly, string words, int attempts)
    {
        Environment.SetEnvironmentVariable("CALL_DB", await postgres.CreateSchemaAsync());
        var run = await it.StartAsync("sql-refused", $$"""{ "steps": [ { "name": "q", "sql": { "connection": "env:CALL_DB", "query": "{{query}}", "readOnly": {{readOnly}} }, "retry": { "attempts": 3, "initial": "10ms" } } ] }""");

        Assert.Contains(words, await FailureOf(run));
        Assert.Equal(attempts, (await it.RecordOf(run)).Steps[0].Attempts.Count);
    }

    [Fact]
    public async Task A_SQLite_file_does_as_well()
    {
        var file = it.Scratch("calls.db");
        await using (var made = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await made.OpenAsync();
            await using var create = made.CreateCommand();
            create.CommandText = "create table t (n integer, name text); insert into t values (1, 'a'), (2, 'b')";
            await create.ExecuteNonQueryAsync();
        }

        Environment.SetEnvironmentVariable("CALL_LITE", $"sqlite:{file}");
        var run = await it.StartAsync("sql-lite", """
            { "steps": [ { "name": "q", "sql": { "connection": "env:CALL_LITE", "readOnly": true, "query": "select name from t where n = @n", "values": { "n": "2" }, "expect": { "rows": 1 }, "outputs": ["name"] } },
                         { "name": "w", "sql": { "connection": "env:CALL_LITE", "readOnly": true, "query": "delete from t" } } ] }
            """);

        Assert.Contains("readonly", await FailureOf(run));
        Assert.Equal("b", (await it.RecordOf(run)).Outputs["q.name"]);
    }

    [Fact]
    public async Task An_activity_of_a_plug_in_gets_an_object_and_gives_outputs()
    {
        var run = await it.StartAsync("plugin", """{ "steps": [ { "name": "dns", "activity": { "name": "dns.update", "input": { "zone": "${run.job}", "records": ["a", "b"] } } } ] }""");

        await run.GetResultAsync();

        Assert.Equal(("plugin.", "2"), ((await it.RecordOf(run)).Outputs["dns.zone"], (await it.RecordOf(run)).Outputs["dns.count"]));
    }

    [Theory]
    [InlineData("""{ "name": "dns.refuse" }""", "failed: the zone is locked")]
    [InlineData("""{ "name": "dns.updat" }""", "Did you mean 'dns.update'?")]
    [InlineData("""{ "name": "dns.update", "input": { "zone": 3 } }""", "does not fit the activity")]
    public async Task An_activity_that_cannot_help_says_why(string activity, string words)
    {
        var run = await it.StartAsync("plugin-bad", $$"""{ "steps": [ { "name": "dns", "activity": {{activity}}, "retry": { "attempts": 3 } } ] }""");

        Assert.Contains(words, await FailureOf(run));
        Assert.Single((await it.RecordOf(run)).Steps[0].Attempts);
    }

    [Fact]
    public async Task A_plug_in_is_loaded_from_its_file()
    {
        var definitions = Maintenance.Jobs.Calls.PluginAssembly.Load(typeof(SamplePlugin).Assembly.Location);

        Assert.Contains("dns.update", definitions.Select(d => d.Name));
        Assert.Throws<InvalidDataException>(() => Maintenance.Jobs.Calls.PluginAssembly.Load(it.Scratch("no-such.dll")));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_call_whose_worker_is_lost_is_unknown_unless_twice_does_no_harm()
    {
        async Task<RunRecord> LoseWorkerAsync(string job, string idempotent)
        {
            var before = SamplePlugin.Hung;
            var run = await it.StartAsync(job, $$"""{ "steps": [ { "name": "hang", "activity": "dns.hang", "timeout": "20s", {{idempotent}} } ] }""");
            await Eventually.IsTrue(() => SamplePlugin.Hung > before, "the call to be under way");
            await it.StopWorkerAsync();
            it.StartWorker();
            if (idempotent.Contains("true"))
                await run.CancelAsync();
            return await it.RecordOf(run);
        }

        Assert.Equal(AttemptOutcome.Unknown, (await LoseWorkerAsync("lost", "\"idempotent\": false")).Steps[0].Attempts[0].Outcome);
        Assert.Equal(AttemptOutcome.Cancelled, (await LoseWorkerAsync("lost-again", "\"idempotent\": true")).Steps[0].Attempts[0].Outcome);
    }

    static async Task<string> FailureOf(WorkflowHandle run)
    {
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        return Assert.IsType<ApplicationFailureException>(failed.InnerException).Message;
    }
}
