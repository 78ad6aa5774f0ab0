using System.Net;

namespace Maintenance.Host.Settings;

/// <summary>What must hold for the settings; each line names the key, the value and one that would do.</summary>
static class HostSettingsRules
{
    public static IEnumerable<string> Check(HostSettings settings)
    {
        if (!settings.Environment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            yield return $"Environment is '{settings.Environment}'; use letters, digits, '-' and '_', such as berlin for "
                + "schedules.berlin.json";
        if (settings.Temporal.Address.Length > 0 && !IsHostAndPort(settings.Temporal.Address))
            yield return $"Temporal:Address is '{settings.Temporal.Address}'; write HOST:PORT, such as temporal.example:7233";
        if (settings.Temporal.Namespace.Length == 0)
            yield return "Temporal:Namespace is empty; leave it out for 'default'";
        if (settings.Temporal.TlsClientCertificate.Length > 0 != settings.Temporal.TlsClientKey.Length > 0)
            yield return "Temporal:TlsClientCertificate and Temporal:TlsClientKey belong together; set both or none";

        foreach (var problem in CheckEngine(settings.Engine))
            yield return problem;
        foreach (var problem in CheckMetrics(settings.Metrics))
            yield return problem;
        foreach (var problem in CheckRecords(settings.Records))
            yield return problem;

        if (settings.Worker.MaxConcurrentSteps is < 1 or > 1_000)
            yield return $"Worker:MaxConcurrentSteps is {settings.Worker.MaxConcurrentSteps}; set it between 1 and 1000";
        if (settings.Worker.MaxCachedWorkflows is < 0 or > 100_000)
            yield return $"Worker:MaxCachedWorkflows is {settings.Worker.MaxCachedWorkflows}; set it between 0 and 100000";
        if (settings.Worker.ShutdownGrace < TimeSpan.Zero)
            yield return $"Worker:ShutdownGrace is {settings.Worker.ShutdownGrace}; set 00:00:00 to stop at once, or a positive time";

        if (settings.Worker.Cgroup is not ("auto" or "off") && !Directory.Exists(settings.Worker.Cgroup))
            yield return $"Worker:Cgroup is '{settings.Worker.Cgroup}', which is no folder; write auto, off, or a path under "
                + "/sys/fs/cgroup";

        foreach (var (key, value) in new[]
        {
            ("Seq:ServerUrl", settings.Seq.ServerUrl),
            ("Metrics:OtlpEndpoint", settings.Metrics.OtlpEndpoint),
            ("Notifications:SlackWebhook", settings.Notifications.SlackWebhook),
            ("Links:TemporalUi", settings.Links.TemporalUi),
        })
        {
            // The value may hold a secret (a webhook is one), so it is not repeated here.
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
                yield return $"{key} is not an http or https address; write one such as http://127.0.0.1:5341, or leave it empty";
        }
    }

    static IEnumerable<string> CheckMetrics(MetricsSettings metrics)
    {
        if (metrics.Listen.Length > 0
            && !(IPEndPoint.TryParse(metrics.Listen, out var listen) && listen.Port > 0 && IPAddress.IsLoopback(listen.Address)))
            yield return $"Metrics:Listen is '{metrics.Listen}'; write a loopback address and a port, such as 127.0.0.1:9464, or leave it "
                + "empty";
        if (metrics.OtlpInterval < TimeSpan.FromSeconds(1) || metrics.OtlpInterval > TimeSpan.FromHours(1))
            yield return $"Metrics:OtlpInterval is {metrics.OtlpInterval}; set it between 00:00:01 and 01:00:00";
    }

    static IEnumerable<string> CheckRecords(RecordsSettings records)
    {
        foreach (var (key, keep) in new[]
        {
            ("KeepSucceeded", records.KeepSucceeded), ("KeepFailed", records.KeepFailed),
            ("KeepOutput", records.KeepOutput), ("KeepDelivered", records.KeepDelivered),
        })
        {
            if (keep < KeepJobSetting.Least)
                yield return $"Records:{key} is {keep}; keep them for a day (1.00:00:00) or longer";
        }

        foreach (var (job, text) in records.KeepJobs)
        {
            if (KeepJobSetting.Parse(job, text, new(), out var problem) is null)
                yield return problem;
        }
    }

    static IEnumerable<string> CheckEngine(EngineSettings engine)
    {
        if (!IPEndPoint.TryParse(engine.Listen, out var listen) || !engine.Listen.Contains(':', StringComparison.Ordinal))
            yield return $"Engine:Listen is '{engine.Listen}'; write ADDRESS:PORT, such as 127.0.0.1:7233 (port 0: any free one)";
        else if (!IPAddress.IsLoopback(listen.Address) && engine.TlsClientCa.Length == 0 && engine.ApiKeys.Count == 0)
            yield return $"Engine:Listen is '{engine.Listen}', which the network can reach, and anyone there could do everything; set "
                + "client "
                + "certificates (Engine:TlsCertificate, TlsKey, TlsClientCa) or API keys (Engine:ApiKeys), or use a loopback address";

        if (engine.TlsCertificate.Length > 0 != engine.TlsKey.Length > 0)
            yield return "Engine:TlsCertificate and Engine:TlsKey belong together; set both or none";
        if (engine.TlsClientCa.Length > 0 && engine.TlsCertificate.Length == 0)
            yield return "Engine:TlsClientCa needs the server's own certificate too; set Engine:TlsCertificate and Engine:TlsKey";
        foreach (var (name, text) in engine.ApiKeys)
        {
            if (EngineKeySetting.Parse(name, text, out var problem) is null)
                yield return problem;
        }
    }

    static bool IsHostAndPort(string address) =>
        address.LastIndexOf(':') is var colon and > 0
        && int.TryParse(address.AsSpan(colon + 1), out var port) && port is > 0 and < 65_536;
}
