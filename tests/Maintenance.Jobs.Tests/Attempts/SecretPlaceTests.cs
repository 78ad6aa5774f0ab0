using System.Diagnostics;
using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Where secrets come from, and what becomes of the output when they can no longer be known.</summary>
public sealed class SecretPlaceTests : IDisposable
{
    const string Value = "open-sesame-5150";

    readonly AttemptFixture _it = new();

    [Fact]
    public async Task A_command_prints_the_secret_and_neither_shows_it_nor_leaves_it()
    {
        var place = SecretPlace.OfCommand(["/bin/sh", "-c", $"echo about-{Value} >&2; echo {Value}"], TimeSpan.FromSeconds(10));

        var result = await _it.RunAsync(Printing(place));

        Assert.Equal("[secret]\n", result.Output);
        foreach (var file in Directory.EnumerateFiles(_it.Root, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("ticket.json")))
            Assert.DoesNotContain(Value, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("echo " + Value + "; exit 3", "left with 3")]
    [InlineData("exit 0", "printed nothing")]
    [InlineData("sleep 60", "longer than 1s")]
    public async Task A_command_that_does_not_tell_it_keeps_the_script_from_starting(string command, string says)
    {
        var watch = Stopwatch.StartNew();

        var result = await _it.RunAsync(Printing(SecretPlace.OfCommand(["/bin/sh", "-c", command], TimeSpan.FromSeconds(1))));

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome);
        Assert.Equal("SECRET", refusal.Error);
        Assert.Contains(says, refusal.Message);
        Assert.Contains("command /bin/sh", refusal.Message);
        Assert.DoesNotContain(Value, refusal.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_credential_of_the_unit_is_read_from_its_folder()
    {
        var folder = Directory.CreateDirectory(_it.Scratch("credentials")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "db"), Value + "\n");
        Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", folder);

        Assert.Equal("[secret]\n", (await _it.RunAsync(Printing("systemd:db"))).Output);
        Assert.IsType<AttemptOutcome.CouldNotStart>((await _it.RunAsync(Printing("systemd:other") with { Attempt = 2 })).Outcome);
    }

    [Fact]
    public async Task A_value_that_was_changed_while_the_script_ran_is_still_taken_out()
    {
        var file = await SecretFileAsync();
        var worker = _it.NewWorker();
        var live = worker.Open(_it.Key(), Waiting(file), null);
        await _it.PidIn("up");

        await File.WriteAllTextAsync(file, "another-value");
        File.WriteAllText(_it.Scratch("go"), "");

        Assert.Equal("[secret]\n", (await live.Completion).Output);
    }

    [Fact]
    public async Task A_later_worker_knows_the_values_from_the_supervisor_even_if_their_place_is_gone()
    {
        var file = await SecretFileAsync();
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Waiting(file), null);
        await _it.PidIn("up");
        old.Dispose();
        File.Delete(file);

        var live = _it.NewWorker().TakeUp(_it.Key())!;
        await Eventually.IsTrue(() => live.Redactor is not null, "the worker to attach");
        File.WriteAllText(_it.Scratch("go"), "");

        Assert.Equal("[secret]\n", (await live.Completion).Output);
    }

    [Fact]
    public async Task When_nobody_knows_the_values_any_more_the_output_is_withheld()
    {
        var file = await SecretFileAsync();
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Waiting(file), null);
        await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());
        old.Dispose();
        await File.WriteAllTextAsync(file, "another-value");
        File.WriteAllText(_it.Scratch("go"), "");
        await Eventually.IsTrue(() => !supervisor.IsAlive, "the supervisor to end");

        var result = await _it.NewWorker().TakeUp(_it.Key())!.Completion;

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Contains("withheld", result.Output);
        Assert.DoesNotContain(Value, result.Output);
    }

    [Fact]
    public async Task A_crash_leaves_no_core_and_starts_no_program_that_takes_one()
    {
        var result = await _it.RunAsync(_it.Script("grep 'Max core' /proc/self/limits; kill -SEGV $$"));

        Assert.Equal(new AttemptOutcome.Signalled(11), result.Outcome);
        // At 0 the kernel still starts such a program.
        Assert.Matches(@"Max core file size +[01] +[01] ", result.Output);
    }

    AttemptRequest Printing(string place) => _it.Script("echo \"$PW\"") with { Secrets = new Dictionary<string, string> { ["PW"] = place } };

    AttemptRequest Waiting(string file) => _it.Script(
        $"echo $$ >{_it.Scratch("up")}; until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done; echo \"$PW\"") with
    {
        Secrets = new Dictionary<string, string> { ["PW"] = "file:" + file },
    };

    async Task<string> SecretFileAsync()
    {
        var file = _it.Scratch("secret");
        await File.WriteAllTextAsync(file, Value + "\n");
        return file;
    }

    public void Dispose() => _it.Dispose();
}
