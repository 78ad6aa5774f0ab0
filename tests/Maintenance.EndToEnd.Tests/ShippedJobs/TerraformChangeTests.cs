using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>
/// The job terraform-change with a stand-in for terraform, which cannot be had here: its resources are the lines of <c>wanted</c>, its state a file with a
/// serial number, and like the real one it refuses a plan that was made for another state.
/// </summary>
public sealed class TerraformChangeTests : IAsyncLifetime
{
    const string StandIn =
        """
        #!/bin/bash
        # terraform init | plan -detailed-exitcode [-out=FILE] | show FILE | state pull | state list | apply FILE
        set -euo pipefail
        touch state wanted; echo "$*" >>calls
        verb=$1; shift
        case $verb in
            init) echo "initialized" ;;
            plan)
                for argument in "$@"; do case $argument in -out=*) out=${argument#-out=} ;; esac; done
                cmp -s wanted state && exit 0
                { cksum <state; cat wanted; } >"${out:-/dev/null}"
                exit 2 ;;
            show) shift; tail -n +2 "$1"; echo "Plan: $(comm -13 state wanted | wc -l) to add, 0 to change, $(comm -23 state wanted | wc -l) to destroy." ;;
            state) cat state ;;
            apply)
                plan=${*: -1}
                [ "$(head -n 1 "$plan")" = "$(cksum <state)" ] || { echo "Error: Saved plan is stale" >&2; exit 1; }
                [ ! -e broken ] || { tail -n +2 "$plan" | head -n 1 >state; echo "Error: the cloud said no" >&2; exit 1; }
                tail -n +2 "$plan" >state ;;
        esac
        """;

    readonly ShippedJob _job = new("terraform-change");

    public async ValueTask InitializeAsync()
    {
        _job.Write("stand-in", StandIn);
        await _job.BashAsync("chmod +x stand-in; mkdir root; printf 'network\\n' >root/state; printf 'disk\\nnetwork\\n' >root/wanted");
    }

    public ValueTask DisposeAsync() => _job.DisposeAsync();

    [Fact]
    public async Task A_plan_is_applied_when_it_is_approved_and_never_otherwise()
    {
        var rejected = await _job.RunRejectedAsync(Inputs());
        Assert.Equal("failed", rejected.Status);
        Assert.Equal("Plan: 1 to add, 0 to change, 0 to destroy.", rejected.Output("plan.summary"));
        Assert.Equal("network\n", await StateAsync());

        var run = await _job.RunAsync(Inputs());
        run.Succeeded();
        Assert.Equal("disk\nnetwork\n", await StateAsync());
        Assert.Equal("", (await _job.BashAsync("ls -A plans 2>/dev/null || true")).Trim());

        var again = await _job.RunAsync(Inputs());
        again.Succeeded();
        Assert.Equal("skipped", again.StatusOf("approve"));
    }

    [Fact]
    public async Task Another_plan_than_the_approved_one_and_one_for_another_state_are_not_applied()
    {
        // Injected between the question and the apply: at the look into the state that comes just before it, and in the file itself.
        await _job.BashAsync("sed -i 's/^    state) cat state ;;/    state) echo other >>state; cat state ;;/' stand-in");
        (await _job.RunAsync(Inputs())).Failed("Saved plan is stale");

        await _job.BashAsync("printf 'network\\n' >root/state");
        await _job.BashAsync("sed -i 's/^hash=.*/&; echo smuggled >>\"$PLAN\\/plan\"/' jobs/terraform-change/plan.sh");
        (await _job.RunAsync(Inputs())).Failed("is not the one that was approved");
        Assert.Equal("network\n", await StateAsync());
    }

    [Fact]
    public async Task A_plan_that_destroys_is_refused_and_an_apply_that_breaks_off_ends_with_advice()
    {
        await _job.BashAsync("printf 'disk\\n' >root/wanted");
        (await _job.RunAsync(Inputs())).Failed("the plan destroys 1 resources");

        await _job.BashAsync("touch root/broken");
        var broken = await _job.RunAsync(Inputs("allowDestroy=true"));
        broken.Failed("the cloud said no");
        Assert.Contains("run the job again: a new plan covers what is left", broken.Said);
        Assert.Equal("network\n", await File.ReadAllTextAsync(broken.Output("apply.state_before")!));
    }

    string[] Inputs(params string[] more) =>
        [$"folder={_job.Path("root")}", $"planFolder={_job.Path("plans")}", $"terraform={_job.Path("stand-in")}", .. more];

    Task<string> StateAsync() => File.ReadAllTextAsync(_job.Path("root/state"));
}
