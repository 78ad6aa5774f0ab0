using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Maintenance.Host.Runtime;

/// <summary>What an agent says about itself in its data folder, and the one thing that it is told there: to drain.</summary>
sealed class AgentFolder(string path)
{
    public static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(5);

    /// <summary>An older note is of an agent that hangs or was killed.</summary>
    public static readonly TimeSpan NoteAgeMax = TimeSpan.FromSeconds(30);

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    AgentNote? _last;

    string NoteFile => Path.Combine(path, "agent.json");

    string DrainFile => Path.Combine(path, "drain");

    public bool DrainIsAsked => File.Exists(DrainFile);

    public void AskToDrain() => File.WriteAllText(DrainFile, "");

    public void ForgetDrain() => File.Delete(DrainFile);

    /// <summary>Writes what changed at once, and the rest every few seconds.</summary>
    public void Note(AgentNote note)
    {
        if (_last is { } last && last with { At = note.At } == note && note.At - last.At < NoteEvery)
            return;
        _last = note;
        File.WriteAllText(NoteFile + ".new", JsonSerializer.Serialize(note, Json));
        File.Move(NoteFile + ".new", NoteFile, overwrite: true);
    }

    /// <summary>Null when no agent has worked here.</summary>
    public AgentNote? Read() => File.Exists(NoteFile) ? JsonSerializer.Deserialize<AgentNote>(File.ReadAllText(NoteFile), Json) : null;

    public static bool IsAlive(AgentNote note)
    {
        try
        {
            using var process = Process.GetProcessById(note.Pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

enum AgentState
{
    Connecting,
    Working,
    Disconnected,
    Draining,
    Drained,
    Stopped,
}

sealed record AgentNote
{
    public required string Host { get; init; }
    public required AgentState State { get; init; }
    public required string Server { get; init; }
    public required int Pid { get; init; }
    public int RunningSteps { get; init; }
    public required DateTimeOffset At { get; init; }
}
