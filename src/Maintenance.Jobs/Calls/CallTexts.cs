using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;

namespace Maintenance.Jobs.Calls;

/// <summary>Puts values in the place of references, as workflow code does before a call goes out.</summary>
static class CallTexts
{
    public static HttpStep Resolve(HttpStep http, RunFacts facts) => http with
    {
        // What comes from a reference must not become another path or query than the job's author meant.
        Url = http.Url.StartsWith("${", StringComparison.Ordinal)
            ? facts.Resolve(http.Url)
            : ReferenceText.Resolve(http.Url, r => Uri.EscapeDataString(facts.Value(r))),
        Headers = facts.Resolve(http.Headers),
        SecretHeaders = facts.Resolve(http.SecretHeaders),
        Body = http.Body is { } body ? facts.Resolve(body) : null,
        JsonBody = http.JsonBody is { } json ? facts.ResolveJson(json) : null,
        Expect = http.Expect with
        {
            Headers = facts.Resolve(http.Expect.Headers),
            Contains = [.. http.Expect.Contains.Select(facts.Resolve)],
            Json = facts.Resolve(http.Expect.Json),
        },
    };

    public static SqlStep Resolve(SqlStep sql, RunFacts facts, IReadOnlyDictionary<string, string> files) => sql with
    {
        Query = sql.File is { } file ? files.GetValueOrDefault(file, "") : sql.Query,
        Connection = facts.Resolve(sql.Connection),
        Values = facts.Resolve(sql.Values),
        Expect = sql.Expect with { Values = facts.Resolve(sql.Expect.Values) },
    };
}
