using System.CommandLine;
using Maintenance.Host.Logging;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Logging;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance apply</c> makes the server do what the files say, and nothing else.</summary>
static class ApplyCommand
{
    static readonly Argument<string?> Saved = new("PLAN")
    {
        Description = "A plan saved with `plan --out`; refused when it is stale", Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Drift = new("--drift")
    {
        Description = "Compare with what the server really has, and put back what was changed there",
    };
    static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Go on, and apply whenever the files change (a git checkout that something pulls)",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("apply", "Publish the jobs and make the server's schedules and resources those of the files")
        {
            Saved, Drift, PlanCommand.Adopt, Watch,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(Watch)
            ? WatchAsync(parsed, terminal, cancellationToken)
            : RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var saved = parsed.GetValue(Saved) is { } path ? Read(path) : null;
        var adopt = parsed.GetValue(PlanCommand.Adopt) ?? [];
        if (saved is not null && adopt.Length > 0)
            throw new CommandFailure(ExitCode.Usage, "a saved plan says itself what it takes over; leave out `--adopt`.");
        await using var files = await FilesOnServer.OpenAsync(
            parsed.ReadSettings().Settings, saved?.Adopt ?? adopt, terminal, cancellationToken);
        if (files is null)
            return ExitCode.BadFiles;

        var plan = await files.Reconciler.PlanAsync(files.Desired, saved?.Drift ?? parsed.GetValue(Drift), cancellationToken);
        if (saved?.StaleBecause(plan, files.Options) is { } stale)
            throw new CommandFailure(
                ExitCode.Failed, $"the plan was not applied, because {stale}; look at a new one with `maintenance plan`.");
        try
        {
            await files.Reconciler.ApplyAsync(plan, cancellationToken);
        }
        catch (ReconcileRefusedException ex)
        {
            throw new CommandFailure(ExitCode.Failed, ex.Message);
        }

        if (parsed.WantsJson())
            terminal.ResultJson(new
            {
                changes = plan.Changes.Select(change => new { change.Id, kind = change.Kind, change.Adopted, change.Paused }),
                plan.JobsChanged, plan.JobsRemoved, peopleChanged = plan.PeopleChanged?.HashAfter,
                resources = plan.Resources.Where(resource => resource.Changes).Select(resource => resource.Id),
            });
        else
            terminal.Result(PlanText.Summary(plan));
        return ExitCode.Ok;
    }

    /// <summary>Ends only when it is told to; the exit code then says whether the files were right.</summary>
    static async Task<int> WatchAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        if (parsed.GetValue(Saved) is not null)
            throw new CommandFailure(ExitCode.Usage, "a saved plan is applied once; leave out `--watch`.");
        if (parsed.GetValue(PlanCommand.Adopt) is { Length: > 0 })
            throw new CommandFailure(ExitCode.Usage, "a schedule is taken over once; adopt it first, then `apply --watch`.");
        var (settings, configuration) = parsed.ReadSettings();
        using var logging = HostLogging.Create(settings, configuration, seqBuffer: null);
        await using var records = new RecordsConnection(
            await RecordsAccess.OpenAsync(settings, stop), TimeProvider.System, logging.CreateLogger<RecordsConnection>());
        await records.PrepareAsync(stop);
        var files = new ScheduleFiles(
            settings, await TemporalAccess.ConnectAsync(settings), records, TimeProvider.System, logging.CreateLogger<ScheduleFiles>());
        await files.ApplyAndSayAsync(stop);
        terminal.Result($"watching {settings.SchedulesFile}");
        try
        {
            await files.WatchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a watch ends.
        }

        return files.ExitCode;
    }

    static PlanFile Read(string path)
    {
        try
        {
            return PlanFile.Read(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailure(ExitCode.Usage, unreadable.Message);
        }
    }
}
