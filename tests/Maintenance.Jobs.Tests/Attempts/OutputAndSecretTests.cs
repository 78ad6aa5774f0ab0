using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

public sealed class OutputAndSecretTests : IDisposable
{
    readonly AttemptFixture _it = new();

    [Fact]
    public async Task Long_output_keeps_its_head_and_tail_and_says_what_was_cut()
    {
        var result = await _it.RunAsync(
            _it.Script("echo first; yes x | head -c 3000000; echo; echo last") with { OutputBytesMax = 64 * 1024 });

        Assert.StartsWith("first\n", result.Output);
        Assert.EndsWith("last\n", result.Output);
        Assert.Contains("bytes of 3000012 cut here", result.Output);
        Assert.InRange(result.Output.Length, 60_000, 70_000);
        Assert.Equal(3000012, result.OutputBytes);
    }

    [Fact]
    public async Task The_middle_of_long_output_takes_no_space_while_the_script_runs()
    {
        var request = _it.Script($"yes x | head -c 20000000; echo $$ >{_it.Scratch("written")}; until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done") with { OutputBytesMax = 64 * 1024 };
        var live = _it.NewWorker().Open(_it.Key(), request, null);
        await _it.PidIn("written");

        await Eventually.IsTrue(() => BlocksOf(_it.Folder(_it.Key()).OutputFile) < 1_000_000, "the middle to be punched out");
        File.WriteAllText(_it.Scratch("go"), "");

        Assert.Equal(20000000, (await live.Completion).OutputBytes);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_not_spoil_the_rest()
    {
        var result = await _it.RunAsync(_it.Script("""printf 'a\377\000b\n'; exec >&- 2>&-; exit 2"""));

        Assert.Equal(new AttemptOutcome.Exited(2), result.Outcome);
        Assert.Equal("a\uFFFD\uFFFDb\n", result.Output);
    }

    [Fact]
    public async Task A_secret_reaches_the_script_and_nothing_else()
    {
        Environment.SetEnvironmentVariable("JOBS_TEST_SECRET", "s3cret/with+signs");
        var file = _it.Scratch("secret");
        await File.WriteAllTextAsync(file, "line one of it\nline two of it\n");
        const string script = """
            test "$PW" = 's3cret/with+signs' || exit 9
            echo "pw=$PW"
            printf %s "$PW" | base64
            printf 'user:%s' "$PW" | base64
            echo "s3cret%2Fwith%2Bsigns"
            echo "$KEY" | tail -n 1
            echo "token=$PW" >>"$MAINTENANCE_OUTPUT"
            """;

        var result = await _it.RunAsync(_it.Script(script) with
        {
            Secrets = new Dictionary<string, string> { ["PW"] = "env:JOBS_TEST_SECRET", ["KEY"] = "file:" + file },
        });

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Equal("[secret]", result.Outputs["token"]);
        Assert.DoesNotContain("s3cret", result.Output);
        Assert.DoesNotContain("line two", result.Output);
        Assert.DoesNotContain(Convert.ToBase64String("s3cret/with+signs"u8), result.Output);
        Assert.DoesNotContain("M2NyZXQvd2l0aCtzaWdu", result.Output);
        foreach (var left in Directory.EnumerateFiles(_it.Folder(_it.Key()).Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(left));
    }

    [Theory]
    [InlineData("env:NO_SUCH_VARIABLE_HERE", "no such environment variable")]
    [InlineData("file:/no/such/file", "Check the path")]
    public async Task A_secret_that_is_not_there_keeps_the_script_from_starting(string reference, string hint)
    {
        var result = await _it.RunAsync(_it.Script("echo never") with { Secrets = new Dictionary<string, string> { ["PW"] = reference } });

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome);
        Assert.Equal("SECRET", refusal.Error);
        Assert.Contains(hint, refusal.Message);
        Assert.Contains(reference, refusal.Message);
    }

    [Fact]
    public void A_secret_that_is_cut_in_two_is_masked_on_both_sides()
    {
        var redactor = new Redactor(["correct-horse-battery"]);

        Assert.Equal("password [secret]", redactor.RedactHead("password correct-hor"));
        Assert.Equal("[secret] is it", redactor.RedactTail("rse-battery is it"));
        Assert.Equal("plain", redactor.RedactHead("plain"));
    }

    static long BlocksOf(string file)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", file]) { RedirectStandardOutput = true })!;
        var text = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        return long.TryParse(text, out var blocks) ? blocks * 512 : long.MaxValue;
    }

    public void Dispose() => _it.Dispose();
}
