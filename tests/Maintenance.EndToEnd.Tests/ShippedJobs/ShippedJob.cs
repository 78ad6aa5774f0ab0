using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>A job of the repository's folder <c>jobs</c>, run for real by <c>job run --local</c>: the same code as on call, without a server to wait for.</summary>
sealed class ShippedJob : IAsyncDisposable
{
    readonly string _name;
    readonly Installation _installation = new() { CommandLimit = TimeSpan.FromMinutes(10) };

    public ShippedJob(string name)
    {
        _name = name;
        _installation.TakeJob(name);
    }

    public string Folder => _installation.Folder;

    /// <summary>Of the worker: what scripts get by secrets, and the PATH on which they find programs.</summary>
    public Dictionary<string, string> Environment => _installation.Environment;

    public string Path(string name) => _installation.Path(name);

    public string Write(string name, string text) => _installation.Write(name, text);

    public Task<string> BashAsync(string script) => Programs.BashAsync(script, Folder);

    /// <summary>Approves whatever the job asks.</summary>
    public Task<LocalRun> RunAsync(params string[] inputs) => RunAsync(["--approve"], inputs);

    /// <summary>Nobody answers at the terminal, so that what the job asks is rejected.</summary>
    public Task<LocalRun> RunRejectedAsync(params string[] inputs) => RunAsync([], inputs);

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    async Task<LocalRun> RunAsync(string[] flags, string[] inputs)
    {
        var ended = await _installation.CommandAsync(["job", "run", "--local", _name, "--json", .. flags, .. inputs.SelectMany(input => new[] { "--input", input })]);
        Assert.True(ended.ExitCode is 0 or 1, $"{_name}: {ended}");
        return new(JsonDocument.Parse(ended.Output).RootElement);
    }
}

/// <summary>The record of a run.</summary>
sealed class LocalRun(JsonElement record)
{
    public string Status => record.GetProperty("status").GetString()!;

    /// <summary>What all attempts wrote.</summary>
    public string Said => string.Concat(
        from step in Steps
        from attempt in step.GetProperty("attempts").EnumerateArray()
        where attempt.GetProperty("output").ValueKind == JsonValueKind.Object
        let output = attempt.GetProperty("output")
        select output.GetProperty("head").GetString() + output.GetProperty("tail").GetString());

    public string? Output(string name) => record.GetProperty("outputs").TryGetProperty(name, out var value) ? value.GetString() : null;

    public string StatusOf(string step) => Step(step).GetProperty("status").GetString()!;

    public int AttemptsOf(string step) => Step(step).GetProperty("attempts").GetArrayLength();

    public void Succeeded() => Assert.True(Status == "succeeded", ToString());

    public void Failed(string said)
    {
        Assert.True(Status == "failed", ToString());
        Assert.Contains(said, Said);
    }

    public override string ToString() => $"{Status}: {record.GetProperty("reason")}\n{Said}";

    IEnumerable<JsonElement> Steps => record.GetProperty("steps").EnumerateArray();

    JsonElement Step(string name) => Steps.Single(step => step.GetProperty("name").GetString() == name);
}
