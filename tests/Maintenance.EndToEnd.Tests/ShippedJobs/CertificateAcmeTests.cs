using System.Net;
using System.Net.Sockets;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job certificate-rotation with a CA that speaks ACME (pebble), for a real nginx.</summary>
public sealed class CertificateAcmeTests : IAsyncLifetime
{
    const string FirstSerial = "11";

    readonly ShippedJob _job = new("certificate-rotation");
    readonly int _httpPort = FreePort();
    NginxServer _nginx = null!;

    string Webroot => $"{_nginx.Folder}/webroot";

    string Accounts => _job.Path("accounts");

    public async ValueTask InitializeAsync() => _nginx = await NginxServer.StartNewAsync(
        days: 5, folder => $$"""server { listen 127.0.0.1:{{_httpPort}}; location /.well-known/acme-challenge/ { root {{folder}}/webroot; } }""");

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _job.DisposeAsync();
    }

    [Fact]
    public async Task It_is_issued_stays_while_it_is_good_and_is_renewed_before_it_expires()
    {
        string firstSerial, account;
        await using (var ca = await AcmeServer.StartNewAsync(_httpPort, days: 20))
        {
            var issued = await RotateAsync(ca, "renewBefore=10d");
            issued.Succeeded();
            firstSerial = await _nginx.ServedSerialAsync();
            Assert.Equal(issued.Output("verify.served_serial"), firstSerial);
            Assert.NotEqual(FirstSerial, firstSerial);
            account = await AccountsAsync();

            var good = await RotateAsync(ca, "renewBefore=10d");
            good.Succeeded();
            Assert.Equal("false", good.Output("inspect.needed"));
        }

        // Its 20 days are less than the usual 30 from here on. Another CA, as after a time with a staging one.
        await using var next = await AcmeServer.StartNewAsync(_httpPort, days: 90);
        var renewed = await RotateAsync(next);
        renewed.Succeeded();

        Assert.Contains("renewal begins", (await RotateAsync(next)).Said);
        Assert.Equal(renewed.Output("verify.served_serial"), await _nginx.ServedSerialAsync());
        Assert.NotEqual(firstSerial, await _nginx.ServedSerialAsync());
        Assert.StartsWith(account, await AccountsAsync());
        Assert.Equal("640", (await Programs.MustAsync("stat", "-c", "%a", _nginx.Key)).Trim());
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(_nginx.Certificate)!));
        Assert.Empty(Directory.GetFiles(Path.Combine(Webroot, ".well-known/acme-challenge")));
    }

    [Fact]
    public async Task When_the_CA_cannot_see_that_the_name_is_ours_nothing_is_installed_and_nothing_tried_again()
    {
        await using var ca = await AcmeServer.StartNewAsync(_httpPort, days: 90);

        var run = await RotateAsync(ca, $"acmeWebroot={_job.Path("not-served")}");

        run.Failed("the CA could not see that www.example.com is ours (unauthorized)");
        Assert.Contains("/.well-known/acme-challenge/ reach this host from outside, on port 80", run.Said);
        await NothingHappenedAsync(run, attempts: 1);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_rate_limit_is_said_with_what_to_do_and_not_tried_again()
    {
        await using var ca = await AcmeServer.StartNewAsync(_httpPort, days: 90);
        var port = FreePort();
        // In front of the CA, since this one has no limits of its own.
        await using var limited = await NginxServer.StartNewAsync(days: 5, _ => $$$"""
            server {
                listen 127.0.0.1:{{{port}}} ssl;
                ssl_certificate {{{ca.Tls.Certificate}}};
                ssl_certificate_key {{{ca.Tls.Key}}};
                default_type application/problem+json;
                location / { proxy_pass {{{ca.Directory[..^"/dir".Length]}}}; proxy_set_header Host $http_host; }
                location /order-plz {
                    return 429 '{ "type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many certificates already issued", "status": 429 }';
                }
            }
            """);

        var run = await RotateAsync(ca, $"acmeDirectory=https://localhost:{port}/dir");

        run.Failed("the CA's rate limit is reached: too many certificates already issued");
        Assert.Contains("try with the CA's staging directory", run.Said);
        await NothingHappenedAsync(run, attempts: 1);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_CA_that_is_away_is_asked_again()
    {
        await using var ca = await AcmeServer.PrepareAsync(_httpPort, days: 90);
        using var nobody = new TcpListener(IPAddress.Loopback, ca.Port);
        nobody.Start();
        var comesBack = Task.Run(async () =>
        {
            (await nobody.AcceptTcpClientAsync()).Close();
            nobody.Stop();
            await ca.StartAsync();
        });

        var run = await RotateAsync(ca);
        await comesBack;

        run.Succeeded();
        Assert.Contains("is away, or the way to it", run.Said);
        Assert.InRange(run.AttemptsOf("issue"), 2, 5);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_name_that_no_web_server_answers_for_is_proved_by_a_record()
    {
        await using var ca = await AcmeServer.StartNewAsync(_httpPort, days: 90);
        var hook = _job.Write(
            "hook",
            $$"""
            #!/bin/bash
            echo "$1 $2" >>'{{_job.Path("hook.log")}}'
            [ "$1" = present ] && verb=set-txt || verb=clear-txt
            curl -sf -d "{ \"host\": \"$2\", \"value\": \"$3\" }" http://127.0.0.1:{{ca.NamesPort}}/$verb
            """);
        await _job.BashAsync($"chmod +x '{hook}'");

        var run = await RotateAsync(ca, "acmeWebroot=", $"acmeHook={hook}");

        run.Succeeded();
        Assert.Equal(
            ["present _acme-challenge.www.example.com.", "cleanup _acme-challenge.www.example.com."], await File.ReadAllLinesAsync(_job.Path("hook.log")));
    }

    [Fact, Trait("Category", "Long")]
    public async Task What_is_missing_is_said_before_anything_is_done()
    {
        var run = await _job.RunAsync([.. Inputs, "acmeDirectory="]);
        run.Failed("needs the input 'acmeDirectory'");
        Assert.Equal(1, run.AttemptsOf("inspect"));

        (await _job.RunAsync([.. Inputs, "acmeDirectory=https://localhost:1/dir", "acmeAcceptTerms=false"])).Failed("set the input 'acmeAcceptTerms'");
        (await _job.RunAsync([.. Inputs, "issuer=internal", "acmeDirectory=", "caCertificate="])).Failed("needs the input 'caCertificate'");
    }

    string[] Inputs =>
    [
        "issuer=acme", $"address={_nginx.Address}", $"serverName={NginxServer.Name}", $"certificate={_nginx.Certificate}", $"key={_nginx.Key}",
        $"nginxConfig={_nginx.Config}", $"acmeAccount={Accounts}", "acmeContact=ops@example.com", "acmeAcceptTerms=true", $"acmeWebroot={Webroot}",
    ];

    Task<LocalRun> RotateAsync(AcmeServer ca, params string[] inputs)
    {
        string[] all = [.. Inputs, $"acmeDirectory={ca.Directory}", $"acmeTrust={ca.Trust}", $"caCertificate={ca.Root}", .. inputs];
        // The last one of a name counts.
        return _job.RunAsync([.. all.GroupBy(input => input.Split('=')[0]).Select(same => same.Last())]);
    }

    async Task NothingHappenedAsync(LocalRun run, int attempts)
    {
        Assert.Equal(attempts, run.AttemptsOf("issue"));
        Assert.Equal("skipped", run.StatusOf("deploy"));
        Assert.Equal(FirstSerial, await _nginx.ServedSerialAsync());
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(_nginx.Certificate)!));
    }

    /// <summary>The accounts' keys by their digests, the oldest first.</summary>
    Task<string> AccountsAsync() => _job.BashAsync($"find '{Accounts}' -name '*.key' -printf '%T@ %p\\n' | sort -n | cut -d' ' -f2- | xargs -d '\\n' sha256sum | cut -d' ' -f1");

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
