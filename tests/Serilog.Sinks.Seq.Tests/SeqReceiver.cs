using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Serilog.Sinks.Seq.Tests;

/// <summary>
/// A server that takes events as Seq documents it and is stricter: key, content type, sizes, and every member of every event are
/// checked. It can be told to answer with a fault.
/// </summary>
public sealed partial class SeqReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<Func<HttpContext, Task<bool>>> _faults = new();
    readonly ConcurrentQueue<JsonElement> _events = new();
    readonly ConcurrentQueue<string> _complaints = new();
    int _requests;

    SeqReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public string? ApiKey { get; init; }

    public int EventBytesMax { get; init; } = 256 * 1024;

    public int BodyBytesMax { get; set; } = 10 * 1024 * 1024;

    public string? MinimumLevelAccepted { get; set; }

    /// <summary>Every request is answered so while it is set.</summary>
    public int? AlwaysStatus { get; set; }

    public IReadOnlyList<JsonElement> Events => [.. _events];

    /// <summary>What a request had that a strict server refuses; a test with none proves the client right.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<SeqReceiver> StartAsync(string? apiKey = null, int? port = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port ?? 0}");
        var app = builder.Build();
        var receiver = new SeqReceiver(app) { ApiKey = apiKey };
        app.MapPost("/ingest/clef", receiver.IngestAsync);
        app.MapFallback(context => receiver.RefuseAsync(context, HttpStatusCode.NotFound, $"nothing is served at {context.Request.Path}"));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next request is answered with this status.</summary>
    public void Fail(int status, string? retryAfter = null) => _faults.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync("{\"Error\":\"told to fail\"}");
        return true;
    });

    /// <summary>The next request is taken, and the connection is cut before the answer.</summary>
    public void LoseAnswer() => _faults.Enqueue(async context =>
    {
        await TakeAsync(context);
        context.Abort();
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    async Task IngestAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_faults.TryDequeue(out var fault) && await fault(context))
            return;
        if (AlwaysStatus is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        await TakeAsync(context);
    }

    async Task TakeAsync(HttpContext context)
    {
        var request = context.Request;
        if (ApiKey is not null && request.Headers["X-Seq-ApiKey"] != ApiKey)
        {
            await RefuseAsync(context, HttpStatusCode.Unauthorized, "the API key is missing or wrong");
            return;
        }

        if (request.ContentType != "application/vnd.serilog.clef")
        {
            await RefuseAsync(context, HttpStatusCode.UnsupportedMediaType, $"content type {request.ContentType}");
            return;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (body.Length > BodyBytesMax)
        {
            await AnswerAsync(context, HttpStatusCode.RequestEntityTooLarge, "the request is too large");
            return;
        }

        var events = new List<JsonElement>();
        foreach (var line in Encoding.UTF8.GetString(body.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Problem(line) is { } problem)
            {
                await RefuseAsync(context, HttpStatusCode.BadRequest, $"{problem}: {line[..Math.Min(200, line.Length)]}");
                return;
            }

            events.Add(JsonDocument.Parse(line).RootElement);
        }

        events.ForEach(_events.Enqueue);
        var level = MinimumLevelAccepted is { } wanted ? $"\"{wanted}\"" : "null";
        await AnswerAsync(context, HttpStatusCode.Created, null, $$"""{"MinimumLevelAccepted":{{level}}}""");
    }

    string? Problem(string line)
    {
        if (Encoding.UTF8.GetByteCount(line) > EventBytesMax)
            return "the event is too large";
        if (line.Contains('\ufffd'))
            return null;

        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(line);
        }
        catch (JsonException ex)
        {
            return $"not JSON ({ex.Message})";
        }

        using (json)
        {
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return "not an object";
            if (root.EnumerateObject().Select(member => member.Name).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                return $"{twice.Key} appears twice";
            if (!root.TryGetProperty("@t", out _))
                return "@t is missing";
            if (!root.TryGetProperty("@mt", out _) && !root.TryGetProperty("@m", out _))
                return "@mt and @m are missing";
            return root.EnumerateObject().Select(member => ProblemOf(member, root)).FirstOrDefault(problem => problem is not null);
        }
    }

    static string? ProblemOf(JsonProperty member, JsonElement root) => member.Name switch
    {
        "@t" => member.Value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(member.Value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _)
            && Iso8601().IsMatch(member.Value.GetString() ?? "") ? null : "@t is not an ISO 8601 time",
        "@mt" or "@m" or "@x" => member.Value.ValueKind == JsonValueKind.String ? null : $"{member.Name} is not a text",
        "@l" => member.Value.ValueKind == JsonValueKind.String
            && member.Value.GetString() is "Verbose" or "Debug" or "Information" or "Warning" or "Error" or "Fatal" ? null : "@l is no level",
        "@i" => member.Value.ValueKind == JsonValueKind.Number
            || (member.Value.ValueKind == JsonValueKind.String && Hex().IsMatch(member.Value.GetString() ?? "")) ? null : "@i is neither a number nor hexadecimal",
        "@tr" => HasHex(member.Value, 32) ? null : "@tr is not a trace id",
        "@sp" or "@ps" => HasHex(member.Value, 16) ? null : $"{member.Name} is not a span id",
        "@st" => member.Value.ValueKind == JsonValueKind.String ? null : "@st is not a time",
        "@r" => RenderingsProblem(member.Value, root),
        _ when member.Name.StartsWith("@@", StringComparison.Ordinal) => null,
        _ when member.Name.StartsWith('@') => $"{member.Name} is not a member of the format",
        _ => null,
    };

    static bool HasHex(JsonElement value, int length) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length == length && Hex().IsMatch(text);

    /// <summary>One rendering for each token with a format, in their order.</summary>
    static string? RenderingsProblem(JsonElement renderings, JsonElement root)
    {
        if (renderings.ValueKind != JsonValueKind.Array || renderings.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            return "@r is not a list of texts";
        if (!root.TryGetProperty("@mt", out var template))
            return "@r without @mt";
        var formatted = FormattedToken().Count((template.GetString() ?? "").Replace("{{", "", StringComparison.Ordinal));
        return renderings.GetArrayLength() == formatted ? null : $"@r has {renderings.GetArrayLength()} texts for {formatted} formatted tokens";
    }

    Task RefuseAsync(HttpContext context, HttpStatusCode status, string complaint)
    {
        _complaints.Enqueue($"{(int)status}: {complaint}");
        return AnswerAsync(context, status, complaint);
    }

    static async Task AnswerAsync(HttpContext context, HttpStatusCode status, string? error, string? body = null)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body ?? JsonSerializer.Serialize(new { Error = error }));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Iso8601();

    [GeneratedRegex("^(0x)?[0-9A-Fa-f]+$")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\{@?\$?[A-Za-z_0-9.]+(,-?\d+)?:[^}]+\}")]
    private static partial Regex FormattedToken();
}
