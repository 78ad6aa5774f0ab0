using System.Text.Json.Nodes;
using Maintenance.Jobs.Definition;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Locks;

/// <summary>The members of a lock, for <see cref="JobSchema"/>.</summary>
static class LockSchema
{
    public static JsonObject List(string description) => JobSchema.List(
        new JsonObject { ["anyOf"] = new JsonArray(Text("Name of an exclusive lock; ${…} is replaced."), Ref("lock")) }, description);

    public static JsonObject One() => new()
    {
        ["name"] = Text("Which lock; ${…} is replaced."),
        ["slots"] = JobSchema.Whole("So many runs may hold it at a time; 1 is exclusive.", 1, LockRules.SlotsMax, 1),
        ["shared"] = JobSchema.Flag("Any number of runs that share it may hold it at a time."),
        ["priority"] = new JsonObject
        {
            ["enum"] = Values(["low", "normal", "high"]), ["default"] = "normal",
            ["description"] = "Who is served first; equal ones in the order of asking.",
        },
        ["wait"] = Duration("A run that has not got the lock in this time fails.", LockRules.WaitDefault),
    };
}
