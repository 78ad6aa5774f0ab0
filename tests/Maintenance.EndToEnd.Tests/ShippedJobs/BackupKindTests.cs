using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The other kinds of backup that the job backup-verification knows, each made by its own program, verified, damaged, and verified again.</summary>
public sealed class BackupKindTests : IAsyncLifetime
{
    readonly ShippedJob _job = new("backup-verification");

    public async ValueTask InitializeAsync() => await _job.BashAsync(
        """
        mkdir backups scratch source; chmod 755 . scratch
        for i in 1 2 3; do head -c 200000 /dev/urandom >"source/file $i"; done
        (cd source && sha256sum file* >SHA256SUMS)
        printf 'secret' >password
        printf '#!/bin/sh\nn=$(find "$1" -name "file *" | wc -l); [ "$n" -ge 3 ] && ok=t || ok=f; printf "three files\\t$ok\\t$n found\\n"\n' >checks.sh
        """);

    public ValueTask DisposeAsync() => _job.DisposeAsync();

    [Fact]
    public async Task A_copy_of_an_SQLite_database_is_read_and_a_flipped_page_is_found()
    {
        await _job.BashAsync(
            """
            sqlite3 live.db "create table purchase (id integer primary key, note text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
                insert into purchase select i, 'purchase number ' || i from n; create index by_note on purchase(note)"
            sqlite3 live.db ".backup backups/shop-monday.db"
            """);
        var checks = _job.Write("checks.sql", "select 'all purchases', count(*) = 5000, count(*) || ' found' from purchase;");

        var run = await VerifyAsync("sqlite", "database=shop", $"checks={checks}");
        run.Succeeded();
        Assert.Equal("1", run.Output("restore.tables"));
        Assert.True(double.Parse(run.Output("restore.restore_seconds")!) > 0);

        await _job.BashAsync("printf 'XXXXXXXXXXXXXXXXXXXX' | dd of=backups/shop-monday.db bs=1 seek=40980 conv=notrunc status=none");
        (await VerifyAsync("sqlite", "database=shop")).Failed("is damaged");
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_base_backup_is_recovered_through_its_WAL_and_a_damaged_file_is_found()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await _job.BashAsync($"mkdir wal; chown --reference='{postgres.Folder}/data' wal");
        await postgres.SqlAsync($"alter system set archive_command = 'cp %p {_job.Path("wal")}/%f'");
        await postgres.SqlAsync("alter system set archive_mode = on");
        await postgres.StopAsync();
        await postgres.StartAsync();
        await postgres.SqlAsync("create table purchase as select generate_series(1, 1000) as id");
        await _job.BashAsync($"pg_basebackup -h 127.0.0.1 -p {postgres.Port} -U postgres -D backups/base-1 -c fast -X none");
        await postgres.SqlAsync("insert into purchase select generate_series(1001, 1500)");
        var segment = await postgres.SqlAsync("select pg_walfile_name(pg_switch_wal())");
        await Eventually.TrueAsync("the WAL is archived", TimeSpan.FromSeconds(60), async () => await postgres.SqlAsync($"select last_archived_wal >= '{segment}' from pg_stat_archiver") == "t");
        var checks = _job.Write("checks.sql", "select 'what came after the backup is there', count(*) = 1500, count(*) || ' found' from purchase;");

        var run = await VerifyAsync("postgres-base", $"walFolder={_job.Path("wal")}", $"checks={checks}");
        run.Succeeded();
        Assert.Contains("(1500 found)", run.Said);
        Assert.True(long.Parse(run.Output("restore.restored_bytes")!) > 10_000_000);

        await _job.BashAsync("""file=$(find backups/base-1/base -type f -size +100k | head -n 1); printf X | dd of="$file" bs=1 seek=5000 conv=notrunc status=none""");
        (await VerifyAsync("postgres-base", $"walFolder={_job.Path("wal")}")).Failed("is damaged");
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task An_archive_of_files_is_unpacked_and_compared_and_a_changed_file_is_found()
    {
        await _job.BashAsync("tar -czf backups/site-1.tar.gz -C source .");
        var run = await VerifyAsync("files", "database=site", "requireChecksum=true", $"checks={_job.Path("checks.sh")}");
        run.Succeeded();
        Assert.Equal("4", run.Output("restore.files"));

        var dry = await VerifyAsync("files", "database=site", "dryRun=true");
        dry.Succeeded();
        Assert.Contains("would restore", dry.Said);

        await _job.BashAsync("echo more >>'source/file 2'; tar -czf backups/site-2.tar.gz -C source .; touch -d '+1 minute' backups/site-2.tar.gz");
        (await VerifyAsync("files", "database=site")).Failed("are damaged or missing");
        await NothingIsLeftAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_newest_snapshot_of_a_restic_repository_is_restored_and_a_damaged_pack_is_found()
    {
        await _job.BashAsync("export RESTIC_PASSWORD_FILE=password RESTIC_CACHE_DIR=cache; restic -q -r backups/repository init; restic -q -r backups/repository backup source");

        var run = await VerifyAsync("restic", $"directory={_job.Path("backups/repository")}", $"passwordFile={_job.Path("password")}", $"checks={_job.Path("checks.sh")}");
        run.Succeeded();
        Assert.Equal("4", run.Output("restore.files"));

        await _job.BashAsync("""for pack in $(find backups/repository/data -type f); do chmod u+w "$pack"; printf XXXX | dd of="$pack" bs=1 seek=100 conv=notrunc status=none; done""");
        var damaged = await VerifyAsync("restic", $"directory={_job.Path("backups/repository")}", $"passwordFile={_job.Path("password")}");
        Assert.Equal("failed", damaged.Status);
        await NothingIsLeftAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_newest_archive_of_a_borg_repository_is_restored_and_a_damaged_segment_is_found()
    {
        await _job.BashAsync("export BORG_PASSPHRASE=secret HOME=$PWD; borg init -e repokey backups/repository; borg create backups/repository::monday source");

        var run = await VerifyAsync("borg", $"directory={_job.Path("backups/repository")}", $"passwordFile={_job.Path("password")}", $"checks={_job.Path("checks.sh")}");
        run.Succeeded();
        Assert.Equal("monday", run.Output("locate.path"));
        Assert.Equal("4", run.Output("restore.files"));

        await _job.BashAsync("""segment=$(find backups/repository/data -type f -size +100k | head -n 1); printf XXXX | dd of="$segment" bs=1 seek=50000 conv=notrunc status=none""");
        var damaged = await VerifyAsync("borg", $"directory={_job.Path("backups/repository")}", $"passwordFile={_job.Path("password")}");
        Assert.Equal("failed", damaged.Status);
        await NothingIsLeftAsync();
    }

    Task<LocalRun> VerifyAsync(string kind, params string[] inputs) =>
        _job.RunAsync([$"kind={kind}", $"directory={_job.Path("backups")}", $"scratchFolder={_job.Path("scratch")}", .. inputs]);

    async Task NothingIsLeftAsync() => Assert.Equal("", (await _job.BashAsync("ls -A scratch")).Trim());
}
