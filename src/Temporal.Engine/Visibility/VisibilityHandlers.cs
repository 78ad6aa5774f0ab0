using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporal.Engine.Schedules;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Filter.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Visibility;

/// <summary>The calls that list and count workflows. They read the store, beside the loop.</summary>
sealed class VisibilityHandlers(NamespaceRegistry namespaces, IEngineStore store)
{
    readonly VisibilityReader _reader = new(store);

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.ListWorkflowExecutions, (request, _) => new(List(request)));
        table.Add(WorkflowServiceMethods.ScanWorkflowExecutions, (request, _) => new(Scan(request)));
        table.Add(WorkflowServiceMethods.CountWorkflowExecutions, (request, _) => new(Count(request)));
        table.Add(WorkflowServiceMethods.ListOpenWorkflowExecutions, (request, _) => new(ListOpen(request)));
        table.Add(WorkflowServiceMethods.ListClosedWorkflowExecutions, (request, _) => new(ListClosed(request)));
        table.Add(WorkflowServiceMethods.ListArchivedWorkflowExecutions, (request, _) => new(ListArchived(request)));
    }

    /// <summary>Reads a query, or refuses it as the real server does.</summary>
    public static BoundQuery Bind(NamespaceEntry ns, string query)
    {
        try
        {
            return QueryBinder.Bind(ns, query);
        }
        catch (QueryException error)
        {
            throw Invalid(error);
        }
    }

    public static RpcFailure Invalid(QueryException error) => new(RpcStatus.InvalidArgument, $"invalid query: {error.Message}");

    ListWorkflowExecutionsResponse List(ListWorkflowExecutionsRequest request)
    {
        var page = Page(namespaces.Get(request.Namespace), request.Query, request.PageSize, request.NextPageToken);
        return new() { Executions = { page.Executions }, NextPageToken = page.NextPageToken };
    }

    ScanWorkflowExecutionsResponse Scan(ScanWorkflowExecutionsRequest request)
    {
        var page = Page(namespaces.Get(request.Namespace), request.Query, request.PageSize, request.NextPageToken);
        return new() { Executions = { page.Executions }, NextPageToken = page.NextPageToken };
    }

    WorkflowPage Page(NamespaceEntry ns, string query, int size, ByteString token)
    {
        var bound = Bind(ns, query);
        // The order is fixed; a list that pages can follow no other.
        if (bound.HasOrder)
            throw Invalid(QueryException.NotSupported("'ORDER BY' clause"));
        return _reader.List(ns.Id, bound.Where, size, token);
    }

    CountWorkflowExecutionsResponse Count(CountWorkflowExecutionsRequest request)
    {
        var ns = namespaces.Get(request.Namespace);
        var bound = Bind(ns, request.Query);
        if (bound.HasOrder)
            throw Invalid(QueryException.NotSupported("'ORDER BY' clause"));
        if (bound.GroupBy is null || bound.GroupBy.Name != "ExecutionStatus")
            return new() { Count = _reader.Count(ns.Id, bound.Where) };
        var response = new CountWorkflowExecutionsResponse();
        foreach (var (status, count) in _reader.CountByStatus(ns.Id, bound.Where))
        {
            response.Count += count;
            response.Groups.Add(new CountWorkflowExecutionsResponse.Types.AggregationGroup
            {
                GroupValues = { Keyword(QueryValues.NameOf(status)) },
                Count = count,
            });
        }

        return response;
    }

    static Payload Keyword(string value) => new()
    {
        Metadata =
        {
            ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8(nameof(IndexedValueType.Keyword)),
        },
        Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value)),
    };

    ListOpenWorkflowExecutionsResponse ListOpen(ListOpenWorkflowExecutionsRequest request)
    {
        var ns = namespaces.Get(request.Namespace);
        Condition where = Status(ComparisonOperator.Equal, WorkflowExecutionStatus.Running);
        where = With(where, Times("StartTime", request.StartTimeFilter));
        where = With(where, Filter(request.ExecutionFilter, request.TypeFilter));
        var page = _reader.List(ns.Id, where, request.MaximumPageSize, request.NextPageToken);
        return new() { Executions = { page.Executions }, NextPageToken = page.NextPageToken };
    }

    ListClosedWorkflowExecutionsResponse ListClosed(ListClosedWorkflowExecutionsRequest request)
    {
        var ns = namespaces.Get(request.Namespace);
        Condition where = Status(ComparisonOperator.NotEqual, WorkflowExecutionStatus.Running);
        where = With(where, Times("CloseTime", request.StartTimeFilter));
        where = With(where, Filter(request.ExecutionFilter, request.TypeFilter));
        if (request.StatusFilter is { } filter)
        {
            if (filter.Status is WorkflowExecutionStatus.Unspecified or WorkflowExecutionStatus.Running)
                throw new RpcFailure(RpcStatus.InvalidArgument, "StatusFilter must be specified and must be not Running.");
            where = With(where, Status(ComparisonOperator.Equal, filter.Status));
        }

        var page = _reader.List(ns.Id, where, request.MaximumPageSize, request.NextPageToken);
        return new() { Executions = { page.Executions }, NextPageToken = page.NextPageToken };
    }

    /// <summary>There is no archive, and the answer says so as a server does that was not told where to keep one.</summary>
    ListArchivedWorkflowExecutionsResponse ListArchived(ListArchivedWorkflowExecutionsRequest request)
    {
        const int mostPerPage = 10_000;
        namespaces.Get(request.Namespace);
        if (request.PageSize > mostPerPage)
            throw new RpcFailure(RpcStatus.InvalidArgument, $"PageSize is larger than allowed {mostPerPage}.");
        throw new RpcFailure(RpcStatus.InvalidArgument, "Cluster is not configured for visibility archival.");
    }

    static Condition? Times(string name, StartTimeFilter? filter)
    {
        var (from, to) = (Instant(filter?.EarliestTime), Instant(filter?.LatestTime));
        if (from > to)
            throw new RpcFailure(RpcStatus.InvalidArgument, "EarliestTime in StartTimeFilter should not be larger than LatestTime.");
        var column = System(name, IndexedValueType.Datetime);
        return (from, to) switch
        {
            ({ } first, { } last) => new RangeCondition(column, Negated: false, first, last),
            ({ } first, null) => new CompareCondition(column, ComparisonOperator.GreaterOrEqual, first),
            (null, { } last) => new CompareCondition(column, ComparisonOperator.LessOrEqual, last),
            _ => null,
        };
    }

    static DateTime? Instant(Timestamp? timestamp) => timestamp is null ? null : Instants.Of(timestamp);

    static CompareCondition? Filter(WorkflowExecutionFilter? execution, WorkflowTypeFilter? type) => (execution, type) switch
    {
        ({ } id, _) => new(System("WorkflowId", IndexedValueType.Keyword), ComparisonOperator.Equal, id.WorkflowId),
        (_, { } name) => new(System("WorkflowType", IndexedValueType.Keyword), ComparisonOperator.Equal, name.Name),
        _ => null,
    };

    static CompareCondition Status(ComparisonOperator comparison, WorkflowExecutionStatus status) =>
        new CompareCondition(System("ExecutionStatus", IndexedValueType.Keyword), comparison, (long)status);

    static Condition With(Condition where, Condition? more) => more is null ? where : new AndCondition(where, more);

    static QueryColumn System(string name, IndexedValueType type) => new(name, name, type, IsCustom: false);
}
