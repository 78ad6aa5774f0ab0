using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>The engine's socket with certificates of openssl: commands and agents of its authority get in, nobody else does.</summary>
public sealed class MutualTlsTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Commands_and_agents_with_a_certificate_of_the_authority_work_and_all_others_are_refused()
    {
        await using var installation = new Installation();
        await IssueAsync(installation.Folder);
        installation.Write("jobs/hosts.json", """{ "hosts": { "web-1": {} } }""");
        installation.Job("greet", """{ "steps": [ { "name": "greet", "runsOn": "web-1", "run": "greet.sh" } ] }""", ("greet.sh", $"#!/bin/sh\ntouch {installation.Path("greeted")}\n"));
        Set(installation, "Engine__TlsCertificate", "engine.pem");
        Set(installation, "Engine__TlsKey", "engine.key");
        Set(installation, "Engine__TlsClientCa", "ca.pem");
        Set(installation, "Temporal__TlsServerCa", "ca.pem");
        Set(installation, "Temporal__TlsClientCertificate", "client.pem");
        Set(installation, "Temporal__TlsClientKey", "client.key");
        await installation.StartAsync();

        await using var agent = Agent(installation, "agent");
        await agent.SaysAsync("agent of web-1 ready", Soon);
        var run = (await installation.JsonAsync("trigger", "greet")).GetProperty("runId").GetString()!;
        var record = await installation.FinishedRunAsync(run, Soon);
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.True(File.Exists(installation.Path("greeted")));

        // With the certificate of another authority, without one, and without TLS at all.
        Set(installation, "Temporal__TlsClientCertificate", "stranger.pem");
        Set(installation, "Temporal__TlsClientKey", "stranger.key");
        var stranger = installation.CommandAsync("trigger", "greet");
        installation.Environment.Remove("MAINTENANCE_Temporal__TlsClientCertificate");
        installation.Environment.Remove("MAINTENANCE_Temporal__TlsClientKey");
        var nobody = installation.CommandAsync("trigger", "greet");
        installation.Environment.Remove("MAINTENANCE_Temporal__TlsServerCa");
        var plain = installation.CommandAsync("trigger", "greet");
        foreach (var refused in await Task.WhenAll(stranger, nobody, plain))
        {
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains($"127.0.0.1:{installation.Port}", refused.Errors, StringComparison.Ordinal);
        }
    }

    static void Set(Installation installation, string key, string file) => installation.Environment[$"MAINTENANCE_{key}"] = installation.Path(file);

    static RunningProgram Agent(Installation installation, string data) => RunningProgram.Start(
        ["agent", "--host", "web-1", "--temporal", $"127.0.0.1:{installation.Port}", "--data", installation.Path(data)], installation.Folder, installation.Environment);

    /// <summary>An authority, certificates of the engine and of a client, and the certificate of a client of another authority.</summary>
    static Task IssueAsync(string folder) => Programs.BashAsync(
        """
        authority() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -days 30 -keyout "$1.key" -out "$1.pem"; }
        issue() {
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
            openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 20 -extfile <(echo "subjectAltName=$3") -out "$1.pem"
        }
        authority ca
        authority others
        issue engine ca IP:127.0.0.1,DNS:localhost
        issue client ca DNS:client
        issue stranger others DNS:client
        """,
        folder);
}
