using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job user-access-review on a tree of accounts, with a real key and a real Postgres server.</summary>
public sealed class UserAccessReviewTests : IAsyncLifetime
{
    /// <summary>The fingerprint as OpenSSH's own ssh-keygen -l shows it.</summary>
    const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    const string Fingerprint = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

    readonly ShippedJob _job = new("user-access-review");
    PostgresServer _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartNewAsync();
        await _postgres.SqlAsync("create role app login; create role \"Odd Name\" login superuser; grant pg_read_all_data to app");
        _job.Write("tree/etc/passwd", "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/bash\nbob:x:1001:27::/home/bob:/bin/sh\n");
        _job.Write("tree/etc/group", "root:x:0:\nsudo:x:27:ann\nann:x:1000:\n");
        _job.Write("tree/etc/sudoers", "Defaults env_reset\n%sudo   ALL=(ALL:ALL) \\\n   ALL # the admins\n@includedir /etc/sudoers.d\n");
        _job.Write("tree/etc/sudoers.d/app.disabled", "eve ALL=(ALL) NOPASSWD: ALL\n");
        _job.Write("tree/home/ann/.ssh/authorized_keys", $"# her laptop\nfrom=\"10.0.0.0/8\" {Key} ann@laptop\n");
        _job.Write(
            "approved",
            $"""
            # who may do what
            login root
            root root
            login ann       # the administrator
            login bob until 2999-12-31
            group sudo ann
            group sudo bob
            sudo %sudo *
            key ann {Fingerprint}
            role postgres login superuser *
            role app login
            role "Odd Name" login superuser
            member pg_read_all_data app

            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _job.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task What_is_approved_is_green_and_what_is_not_is_accepted_by_a_person_or_fails()
    {
        var clean = await ReviewAsync();
        clean.Succeeded();
        Assert.Equal("0", clean.Output("review.differences"));
        Assert.Equal("skipped", clean.StatusOf("accept"));

        await _postgres.SqlAsync("alter role app createdb");
        await _job.BashAsync("sed -i 's/2999-12-31/2020-01-01/' approved; echo 'mallory:x:0:0::/root:/bin/bash' >>tree/etc/passwd");

        var accepted = await ReviewAsync();
        accepted.Succeeded();
        Assert.Equal(
            "approved only until 2020-01-01: login bob; not approved: login mallory; not approved: role app login createdb; not approved: root mallory",
            accepted.Output("review.list"));
        Assert.Contains("approved and not there: role app login", accepted.Said);

        var rejected = await _job.RunRejectedAsync(Inputs);
        Assert.Equal("failed", rejected.Status);
        Assert.Equal("failed", rejected.StatusOf("accept"));

        (await ReviewAsync("onDifferences=fail")).Failed("4 differences");
        (await ReviewAsync("dryRun=true")).Succeeded();
    }

    string[] Inputs => [$"approved={_job.Path("approved")}", $"root={_job.Path("tree")}", "postgres=true", $"port={_postgres.Port}"];

    Task<LocalRun> ReviewAsync(params string[] inputs) => _job.RunAsync([.. Inputs, .. inputs]);
}
