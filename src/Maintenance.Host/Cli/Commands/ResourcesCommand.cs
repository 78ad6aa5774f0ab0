using System.CommandLine;
using Maintenance.Jobs.Resources;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance resources</c>: entities that live longer than a run, as <c>resources.json</c> declares them.</summary>
static class ResourcesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("resources", "The managed resources: how each stands and what it does next");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var client = await TemporalAccess.ConnectAsync(parsed.ReadSettings().Settings);
            var resources = await ListAsync(client, cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(resources);
            else if (resources.Count == 0)
                terminal.Say("there are no resources; declare some in resources.json and say `maintenance apply`");
            else
                terminal.Table(["RESOURCE", "KIND", "STANDS", "GOOD UNTIL", "NEXT", "PROBLEM"], resources.Select(Row));
            return ExitCode.Ok;
        });
        command.Add(Show(terminal));
        foreach (var operation in Enum.GetNames<ResourceOperation>())
            command.Add(Order(operation.ToLowerInvariant(), terminal));
        return command;
    }

    static Command Show(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The resource" };
        var command = new Command("show", "One resource: its facts and what happened to it last") { id };
        command.SetAction(async (parsed, _) =>
        {
            var handle = Handle(await TemporalAccess.ConnectAsync(parsed.ReadSettings().Settings), parsed.GetValue(id)!);
            var resource = await CallAsync(parsed.GetValue(id)!, () => handle.QueryAsync<ResourceView>("state", []));
            if (parsed.WantsJson())
                terminal.ResultJson(resource);
            else
                Tell(resource, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static Command Order(string operation, Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The resource" };
        var reason = new Option<string>("--reason") { Description = "Why; it is kept with the order", HelpName = "TEXT" };
        var command = new Command(operation, $"Ask the resource to {operation} now") { id, reason };
        command.SetAction(async (parsed, _) =>
        {
            var handle = Handle(await TemporalAccess.ConnectAsync(parsed.ReadSettings().Settings), parsed.GetValue(id)!);
            var order = new ResourceOrderText { Operation = operation, By = TemporalAccess.Person, Reason = parsed.GetValue(reason) };
            var resource = await CallAsync(parsed.GetValue(id)!, () => handle.ExecuteUpdateAsync<ResourceView>("order", [order]));
            if (parsed.WantsJson())
                terminal.ResultJson(resource);
            else
                terminal.Result($"{resource.Id} will {operation}; `maintenance resources show {resource.Id}` tells how it goes");
            if (operation == ResourceState.Word(ResourceOperation.Decommission))
                terminal.Say($"take {resource.Id} out of resources.json too: `maintenance plan` and `apply` refuse it from then on");
            return ExitCode.Ok;
        });
        return command;
    }

    static async Task<List<ResourceView>> ListAsync(TemporalClient client, CancellationToken cancellationToken)
    {
        var resources = new List<ResourceView>();
        await foreach (var execution in client.ListWorkflowsAsync(ResourceLimits.LivingQuery).WithCancellation(cancellationToken))
            resources.Add(await CallAsync(execution.Id, () => client.GetWorkflowHandle(execution.Id).QueryAsync<ResourceView>("state", [])));
        return [.. resources.OrderBy(r => r.Id, StringComparer.Ordinal)];
    }

    static WorkflowHandle Handle(TemporalClient client, string id) => client.GetWorkflowHandle(ResourceLimits.WorkflowId(id));

    static async Task<T> CallAsync<T>(string id, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowUpdateFailedException ex)
        {
            throw new CommandFailure(ExitCode.Failed, (ex.InnerException ?? ex).Message);
        }
        catch (RpcException ex) when (ex.Code == RpcException.StatusCode.NotFound)
        {
            throw new CommandFailure(ExitCode.NotFound, $"there is no resource '{id}'; `maintenance resources` lists them.");
        }
        catch (RpcException ex)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"the server did not answer about the resource {id}: {ex.Message}");
        }
    }

    static IReadOnlyList<string> Row(ResourceView resource) =>
    [
        resource.Id, resource.Kind, resource.Phase, RunText.Time(resource.Expires), RunText.Time(resource.NextAt), resource.Problem ?? "",
    ];

    static void Tell(ResourceView resource, Terminal terminal)
    {
        terminal.Result($"{resource.Id}  {resource.Kind}  {resource.Phase}{(resource.Running is { } run ? $", run {run}" : "")}");
        if (resource.Problem is { } problem)
            terminal.Result($"  {problem}");
        if (resource.Expires is not null)
            terminal.Result($"  good until {RunText.Time(resource.Expires)}");
        if (resource.NextAt is not null)
            terminal.Result($"  next       {RunText.Time(resource.NextAt)}");
        foreach (var (name, value) in resource.Facts.OrderBy(f => f.Key, StringComparer.Ordinal))
            terminal.Result($"  {name} = {value}");
        foreach (var one in resource.Events)
        {
            terminal.Result(
                $"  {RunText.Time(one.At)}  {one.Operation} {(one.Succeeded ? "succeeded" : "failed")}{(one.By is { } by ? $", asked for by {by}" : "")}"
                + $"{(one.Reason is { } reason ? $": {reason}" : "")}  (run {one.WorkflowId})");
        }
    }
}
