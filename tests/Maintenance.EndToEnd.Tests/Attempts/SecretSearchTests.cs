using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Attempts;

/// <summary>
/// Scripts show their secrets in every way they can, succeed and fail with them; afterwards every file of the installation, every answer of
/// its commands, and all that was sent to Seq and to chat is searched for each of them in each form.
/// </summary>
public sealed class SecretSearchTests
{
    const string FromEnvironment = "env-Zq8+kTv/ 3\"w0rd=";
    const string FromFile = "first-line-Of-Key-9182\nsecond-Line-of-key-7364";
    const string FromCommand = "cmd-told-value-55512";
    const string FromCredential = "credential-value-99001";

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    const string Show = """
        #!/bin/bash
        for v in "$PW" "$KEY" "$TOLD" "$CRED"; do
          echo "plain $v"; echo "on stderr $v" >&2
          printf %s "$v" | base64; printf %s "user:$v" | base64 -w 0; echo
          printf %s "$v" | od -An -tx1 | tr -d ' \n'; echo
          printf %s "$v" | fold -w 7; echo
        done
        echo "line=$PW" >>"$MAINTENANCE_OUTPUT"
        echo "told=$TOLD" >>"$MAINTENANCE_OUTPUT"
        sleep ${WAIT:-0}
        exit ${CODE:-0}
        """;

    [Fact]
    public async Task No_store_no_log_and_no_message_holds_a_secret_in_any_form()
    {
        await using var sink = new Sink();
        await using var installation = new Installation();
        Prepare(installation, sink);
        await installation.StartAsync();

        var good = (await installation.JsonAsync("trigger", "shows")).GetProperty("runId").GetString()!;
        var followed = installation.CommandAsync("logs", "-f", good);
        await installation.FinishedRunAsync(good, Soon);
        var bad = (await installation.JsonAsync("trigger", "shows", "-i", "code=7")).GetProperty("runId").GetString()!;
        var record = await installation.FinishedRunAsync(bad, Soon);
        await Eventually.TrueAsync("both runs are reported", Soon, () => sink.Text.Contains(good) && sink.Text.Contains(bad), () => sink.Text);

        Assert.Equal("failed", record.GetProperty("status").GetString());
        var said = new List<string> { sink.Text, (await followed).Output, record.ToString() };
        foreach (var run in (string[])[good, bad])
        {
            foreach (var verb in (string[])["logs", "show"])
                said.Add((await installation.CommandAsync(verb, run)).ToString());
        }

        Assert.Contains("plain [secret]", said[1]);
        await installation.Up!.StopAsync();
        said.Add(installation.Up.Said);
        Search(installation, said);
    }

    static void Search(Installation installation, List<string> said)
    {
        var files = Directory.GetFiles(installation.Data, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("records.db", StringComparison.Ordinal));
        var stores = files.Select(f => (Name: f, Content: File.ReadAllBytes(f)))
            .Concat(said.Select((text, n) => (Name: $"answer {n}", Content: Encoding.UTF8.GetBytes(text)))).ToList();
        // The search itself is able to find something.
        Assert.Contains(stores, s => s.Content.AsSpan().IndexOf("plain [secret]"u8) >= 0);
        foreach (var form in new[] { FromEnvironment, FromFile, FromCommand, FromCredential }.SelectMany(Forms))
            Assert.All(stores, s => Assert.True(s.Content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)) < 0, $"{s.Name} holds '{form}'"));
    }

    static IEnumerable<string> Forms(string secret)
    {
        foreach (var line in secret.Split('\n'))
        {
            yield return line;
            yield return line[..10];
        }

        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..16];
    }

    static void Prepare(Installation installation, Sink sink)
    {
        installation.Write("key", FromFile + "\n");
        installation.Write("told", FromCommand + "\n");
        installation.Write("credentials/db", FromCredential);
        installation.Environment["TEST_PW"] = FromEnvironment;
        installation.Environment["CREDENTIALS_DIRECTORY"] = installation.Path("credentials");
        installation.Environment["MAINTENANCE_Seq__ServerUrl"] = sink.Address;
        installation.Environment["MAINTENANCE_Notifications__SlackWebhook"] = sink.Address + "/chat";
        var secrets = $$"""
            "secrets": { "PW": "env:TEST_PW", "KEY": "file:{{installation.Path("key")}}", "CRED": "systemd:db",
                         "TOLD": { "command": ["/bin/cat", "{{installation.Path("told")}}"] } }
            """;
        installation.Job("shows", $$$"""
            { "input": { "code": { "type": "int", "default": 0 } },
              "steps": [
                { "name": "show", "run": "show.sh", "env": { "WAIT": "4" }, {{{secrets}}} },
                { "name": "use", "run": "show.sh", {{{secrets}}}, "undo": "show.sh",
                  "env": { "CODE": "${input.code}", "BEFORE": "${steps.show.outputs.line}" }, "args": ["${steps.show.outputs.told}"] } ],
              "finally": [ { "name": "end", "run": "show.sh", {{{secrets}}} } ] }
            """, ("show.sh", Show));
    }

    /// <summary>Takes what is sent to Seq and to chat.</summary>
    sealed class Sink : IAsyncDisposable
    {
        readonly HttpListener _listener = new();
        readonly ConcurrentQueue<string> _bodies = new();
        readonly Task _serving;

        public Sink()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add(Address + "/");
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address { get; }

        public string Text => string.Join('\n', _bodies);

        async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(context.Request.InputStream);
                _bodies.Enqueue(await reader.ReadToEndAsync());
                context.Response.StatusCode = 201;
                await context.Response.OutputStream.WriteAsync("{}"u8.ToArray());
                context.Response.Close();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }
    }
}
