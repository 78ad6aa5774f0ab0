namespace Maintenance.Jobs.Definition;

/// <summary>
/// One reference: <see cref="Scope"/> is input, steps, run, item or host; a step reference has the step in <see cref="Name"/> and the wish
/// in <see cref="Member"/>, a host's label is in <see cref="Member"/>.
/// </summary>
public sealed record Reference(string Scope, string Name, string Member)
{
    public const string OutputsPrefix = "outputs.";

    public static readonly IReadOnlyList<string> RunNames =
    [
        "id", "shortId", "job", "workflowId", "scheduleId", "dueAt", "startedAt", "cause", "requester", "host"
    ];
    public static readonly IReadOnlyList<string> HostNames = ["name", "id", "labels"];

    public static Reference? Parse(string text) => text.Split('.') switch
    {
        ["input", var name] when IsName(name) => new Reference("input", name, ""),
        ["run", var name] when IsName(name) => new Reference("run", name, ""),
        ["item"] => new Reference("item", "", ""),
        ["host", "labels", var label] when IsName(label) => new Reference("host", "labels", label),
        ["host", var name] when IsName(name) && name != "labels" => new Reference("host", name, ""),
        ["steps", var step, "outputs", var output] when IsName(step) && IsName(output) =>
            new Reference("steps", step, OutputsPrefix + output),
        ["steps", var step, "exitCode"] when IsName(step) => new Reference("steps", step, "exitCode"),
        ["steps", var step, "status"] when IsName(step) => new Reference("steps", step, "status"),
        _ => null,
    };

    public override string ToString() => Scope switch
    {
        "item" => "item",
        _ => Member.Length == 0 ? $"{Scope}.{Name}" : $"{Scope}.{Name}.{Member}",
    };

    static bool IsName(string text) => ReferenceText.NamePattern().IsMatch(text);
}
