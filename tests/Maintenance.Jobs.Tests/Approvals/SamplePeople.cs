using Maintenance.Jobs.Approvals;

namespace Maintenance.Jobs.Tests.Approvals;

/// <summary>Ann and Bob are administrators, Carla is on call; each has a key, and so has Mallory, whom nobody knows.</summary>
static class SamplePeople
{
    public static readonly PersonKey Ann = PersonKey.Make("ann");
    public static readonly PersonKey Bob = PersonKey.Make("bob");
    public static readonly PersonKey Carla = PersonKey.Make("carla");
    public static readonly PersonKey Mallory = PersonKey.Make("ann");

    public static string Json(string delegations = "") => $$"""
        {
          "people": {
            "ann": { "keys": ["{{Ann.Public.Text}}"], "logins": ["amiller"] },
            "bob": { "keys": ["{{Bob.Public.Text}}"] },
            "carla": { "keys": ["{{Carla.Public.Text}}"] }
          },
          "groups": { "dba": ["ann", "bob"], "oncall": ["carla"] },
          "delegations": [{{delegations}}]
        }
        """;

    public static People Of(string delegations = "") => PeopleReader.Read(Json(delegations), People.FileName).Value!;

    public static string Delegation(string of, string to, DateTimeOffset from, DateTimeOffset until) =>
        $$"""{ "of": "{{of}}", "to": "{{to}}", "from": "{{from:yyyy-MM-dd}}", "until": "{{until:yyyy-MM-dd}}" }""";

    public static ApprovalClaims Claims(string run, string step, string evidence, DateTimeOffset now, string answer = "approve") => new()
    {
        Answer = answer, RunId = run, Step = step, Evidence = evidence, Reason = "looks right", IssuedAt = now.ToUnixTimeSeconds(),
        ExpiresAt = now.AddMinutes(10).ToUnixTimeSeconds(),
    };
}
