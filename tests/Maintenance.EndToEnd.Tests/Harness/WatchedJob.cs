namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>
/// A run whose script writes down each time that it begins and ends, with the number of the attempt, and holds a kernel lock while it runs: two
/// copies at a time, or an attempt that runs twice, cannot stay unseen.
/// </summary>
sealed record WatchedJob(string Id, string Folder)
{
    public const string Asking = "asking";
    public const string Again = "again";
    public const string Limited = "limited";

    public string[] Log => File.Exists(System.IO.Path.Combine(Folder, "log")) ? File.ReadAllLines(System.IO.Path.Combine(Folder, "log")) : [];

    /// <summary>Of the script that began last.</summary>
    public int Pid => int.Parse(File.ReadAllText(System.IO.Path.Combine(Folder, "pid")));

    public void GoOn() => File.WriteAllText(System.IO.Path.Combine(Folder, "go"), "");

    public static void Write(Scratch scratch)
    {
        Write(scratch, Asking, "\"onUnknown\": \"ask\", \"timeout\": \"10m\"");
        Write(scratch, Again, "\"idempotent\": true, \"retry\": { \"attempts\": 50, \"initial\": \"1s\", \"backoff\": 1 }, \"timeout\": \"10m\"");
        Write(scratch, Limited, "\"timeout\": \"3s\"");
    }

    static void Write(Scratch scratch, string job, string controls)
    {
        scratch.Write(
            $"jobs/{job}/job.json",
            $$$"""
            {
              "input": { "name": { "type": "string" } },
              "steps": [
                { "name": "work", "run": "work.sh", "env": { "DIR": "{{{scratch.Path}}}/${input.name}" }, {{{controls}}} },
                { "name": "after", "run": "after.sh" }
              ]
            }
            """);
        scratch.Write($"jobs/{job}/after.sh", "#!/bin/sh\nexit 0\n", executable: true);
        scratch.Write(
            $"jobs/{job}/work.sh",
            """
            #!/bin/bash
            mkdir -p "$DIR"
            exec 9>"$DIR/alone"
            flock -n 9 || echo double >>"$DIR/log"
            echo $$ >"$DIR/pid"
            echo "begin ${MAINTENANCE_ATTEMPT##*.}" >>"$DIR/log"
            until [ -e "$DIR/go" ]; do sleep 0.05 9>&-; done
            echo "end ${MAINTENANCE_ATTEMPT##*.}" >>"$DIR/log"
            """, executable: true);
    }
}
