namespace Maintenance.Host.Authoring;

/// <summary>The files that <c>job new</c> writes: a job that works, with a test of its own, to be changed into one's own.</summary>
static class JobTemplate
{
    public static IReadOnlyList<(string Name, string Text)> Files(string job) =>
    [
        ("job.json", Definition(job)),
        ("check.sh", Check),
        ("tests/enough-room.json", EnoughRoom),
        ("tests/nearly-full.json", NearlyFull),
    ];

    static string Definition(string job) =>
        $$"""
        {
          "$schema": "../../schemas/job.schema.json",
          "description": "{{job}}: say in one line what it is for.",
          "input": {
            "folder": { "type": "string", "default": "/", "description": "A folder of the file system that is looked at." },
            "minimumMegabytes": { "type": "int", "min": 1, "default": 1000 }
          },
          "timeout": "5m",
          "steps": [
            {
              "name": "check", "run": "check.sh", "timeout": "1m", "idempotent": true,
              "retry": { "attempts": 3, "initial": "10s", "stopOnExitCodes": [1] },
              "env": { "FOLDER": "${input.folder}", "MINIMUM_MB": "${input.minimumMegabytes}" }
            }
          ]
        }

        """;

    const string Check =
        """
        #!/bin/sh
        # Inputs come as variables, results go to $MAINTENANCE_OUTPUT as name=value. Exit code 0 is success.
        set -eu
        free=$(df --output=avail -m "$FOLDER" | tail -n 1 | tr -d ' ')
        echo "free_mb=$free" >>"$MAINTENANCE_OUTPUT"
        [ "$free" -ge "$MINIMUM_MB" ] || { echo "only $free MB are free at $FOLDER" >&2; exit 1; }

        """;

    const string EnoughRoom =
        """
        {
          "description": "A file system with room.",
          "input": { "minimumMegabytes": 100 },
          "commands": { "df": { "output": "Avail\n  2048\n" } },
          "expect": {
            "status": "succeeded",
            "steps": { "check": { "attempts": 1, "outputs": { "free_mb": "2048" } } },
            "calls": ["df --output=avail -m /"]
          }
        }

        """;

    const string NearlyFull =
        """
        {
          "description": "Too little room is a failure that another try does not mend.",
          "input": { "minimumMegabytes": 100 },
          "commands": { "df": { "output": "Avail\n  7\n" } },
          "expect": { "status": "failed", "steps": { "check": { "exitCode": 1, "attempts": 1, "output": "only 7 MB" } } }
        }

        """;
}
