using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Calls;

/// <summary>
/// One HTTP request and what its answer must be. Each request has a connection of its own: nothing of one job reaches another.
/// </summary>
static class HttpCall
{
    const int RedirectsMax = 5;
    static readonly TimeSpan _connectTimeLimit = TimeSpan.FromSeconds(30);

    public static async Task<CallResult> MakeAsync(HttpStep http, CancellationToken stop)
    {
        if (!Uri.TryCreate(http.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return CallResult.Impossible("URL", $"'{http.Url}' is no http or https address.");
        var places = http.SecretHeaders.ToDictionary(h => h.Key, h => SecretReader.PlaceOf(h.Value));
        var (secrets, refusal) = await SecretSource.ResolveAsync(places, stop);
        if (refusal is not null)
            return CallResult.Of(refusal);
        var redactor = new Redactor(secrets.Values);
        try
        {
            using var handler = Handler(http);
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            var exchange = new Exchange(http, client, secrets, redactor);
            return await exchange.RunAsync(url, stop);
        }
        catch (HttpRequestException failed)
        {
            return CallResult.Missed(redactor.Redact($"{http.Method} {Plain(url)} failed: {Reason(failed)}"));
        }
        catch (Exception unusable) when (unusable is FormatException or InvalidOperationException or CryptographicFailure)
        {
            return CallResult.Impossible("HTTP", redactor.Redact($"{http.Method} {Plain(url)} cannot be sent: {unusable.Message}"));
        }
    }

    static SocketsHttpHandler Handler(HttpStep http)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = _connectTimeLimit,
        };
        if (http.CaFile is { } file)
        {
            var trusted = new X509Certificate2Collection();
            try
            {
                trusted.ImportFromPemFile(file);
            }
            catch (Exception unreadable)
            {
                throw new CryptographicFailure($"the authority file {file} cannot be used: {unreadable.Message}", unreadable);
            }

            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return handler;
    }

    /// <summary>Without the query, which may hold more than a message should.</summary>
    static string Plain(Uri url) => url.GetLeftPart(UriPartial.Path);

    static string Reason(HttpRequestException failed) =>
        failed.InnerException is { } inner && !failed.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{failed.Message} {inner.Message}"
            : failed.Message;

    sealed class CryptographicFailure(string message, Exception inner) : Exception(message, inner);

    sealed class Exchange(HttpStep http, HttpClient client, IReadOnlyDictionary<string, string> secrets, Redactor redactor)
    {
        public async Task<CallResult> RunAsync(Uri first, CancellationToken stop)
        {
            var (url, method) = (first, new HttpMethod(http.Method));
            for (var hops = 0; ; hops++)
            {
                using var request = Request(method, url, withSecrets: IsSameOrigin(url, first), withBody: method.Method == http.Method);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                if (Redirect(answer, url) is not { } next || http.Redirects == HttpRedirects.None)
                    return await JudgeAsync(answer, url, stop);
                if (hops == RedirectsMax)
                    return CallResult.Missed($"was redirected more than {RedirectsMax} times");
                if (http.Redirects == HttpRedirects.SameOrigin && !IsSameOrigin(next, first))
                    return CallResult.Missed($"was redirected to {next.GetLeftPart(UriPartial.Authority)}, which is another origin");
                if (url.Scheme == "https" && next.Scheme != "https")
                    return CallResult.Missed("was redirected from https to http");
                // As browsers do: 307 and 308 repeat the request, the others ask for a page.
                if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                    && method != HttpMethod.Head)
                    method = HttpMethod.Get;
                url = next;
            }
        }

        HttpRequestMessage Request(HttpMethod method, Uri url, bool withSecrets, bool withBody)
        {
            var request = new HttpRequestMessage(method, url);
            if (withBody && (http.JsonBody ?? http.Body) is { } body)
                request.Content = new StringContent(body, Encoding.UTF8, http.JsonBody is null ? "text/plain" : "application/json");
            foreach (var (name, value) in http.Headers)
                Add(request, name, value);
            foreach (var (name, value) in withSecrets ? secrets : new Dictionary<string, string>())
                Add(request, name, Scheme(http.SecretHeaders[name]) + value);
            return request;
        }

        static void Add(HttpRequestMessage request, string name, string value)
        {
            if (request.Headers.TryAddWithoutValidation(name, value))
                return;
            request.Content ??= new ByteArrayContent([]);
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        static string Scheme(string header) => header.IndexOf(' ') is var blank and > 0 ? header[..(blank + 1)] : "";

        static Uri? Redirect(HttpResponseMessage answer, Uri from) =>
            (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } to ? new Uri(from, to) : null;

        static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port;

        async Task<CallResult> JudgeAsync(HttpResponseMessage answer, Uri url, CancellationToken stop)
        {
            var said = $"{http.Method} {Plain(url)} answered {(int)answer.StatusCode}";
            if (await ReadAsync(answer, stop) is not { } body)
                return CallResult.Missed($"{said} with more than {http.BytesMax} bytes");
            var text = redactor.Redact(body);
            var json = new Lazy<JsonElement?>(() => Json(body));
            if (HttpAnswerRules.Violation(http.Expect, answer, body, json) is { } wrong)
                return CallResult.Missed(redactor.Redact($"{said}{wrong}"), text, RetryAfter(answer));
            var outputs = new Dictionary<string, string> { ["status"] = $"{(int)answer.StatusCode}" };
            foreach (var (name, pointer) in http.Outputs)
            {
                if (json.Value is not { } root || JsonPointer.Find(root, pointer) is not { } found)
                    return CallResult.Missed($"{said} without a value at {pointer} for the output '{name}'", text);
                outputs[name] = redactor.Redact(JsonPointer.Text(found));
            }

            return new CallResult(new AttemptOutcome.Done()) { Outputs = outputs, Output = text };
        }

        /// <summary>Only with the answers that mean "later": elsewhere the header says something else.</summary>
        static TimeSpan? RetryAfter(HttpResponseMessage answer) =>
            answer is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: { } after }
                ? after.Delta ?? after.Date - (answer.Headers.Date ?? after.Date)
                : null;

        /// <summary>Null when it is longer than allowed.</summary>
        async Task<string?> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(stop);
            using var buffer = new MemoryStream();
            var chunk = new byte[16 * 1024];
            while (await stream.ReadAsync(chunk, stop) is var count and > 0)
            {
                buffer.Write(chunk, 0, count);
                if (buffer.Length > http.BytesMax)
                    return null;
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        }

        static JsonElement? Json(string body)
        {
            try
            {
                return JsonSerializer.Deserialize<JsonElement>(body);
            }
            catch (JsonException)
            {
                // Said where a value of it is wanted.
                return null;
            }
        }
    }
}
