using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Ends what belongs to an attempt. With a cgroup that is certain; without, whoever left session, group and environment escapes.
/// </summary>
sealed class Containment(AttemptTicket ticket, ProcessIdentity supervisor, TimeProvider time, ForkCount? startedAt = null)
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    // A process that is just becoming another program is that for a few milliseconds; one that dropped its environment is never told.
    const int UnsureLooksMax = 10;
    const int FreezeLooksMax = 50;

    // A supervisor that was alive a moment ago still owns the number of its session and group. One that died before we came may have
    // lost it to a stranger, and then only the marker in the environment proves that a process is ours.
    readonly bool _numberIsOurs = supervisor.IsAlive;

    public string Guarantee => ticket.Cgroup is null ? "session" : "cgroup";

    /// <summary>Asks everything to end. The supervisor has a handler for the signal and stays to write the status.</summary>
    public void AskToStop()
    {
        if (supervisor.IsAlive)
            _ = Native.Kill(-supervisor.Pid, Native.SIGTERM);
        foreach (var stray in Members().Processes)
        {
            // Those in the supervisor's group have had the signal; a second one would make well-behaved scripts give up their cleaning.
            if (!InGroup(stray))
                stray.Signal(Native.SIGTERM);
        }
    }

    /// <summary>
    /// Kills until nothing is left, supervisor included. Returns how many processes had left the supervisor's process group.
    /// </summary>
    public async Task<int> EndAllAsync(CancellationToken cancellationToken)
    {
        var strays = new HashSet<ProcessIdentity>();
        var started = time.GetTimestamp();
        for (var look = 1; ; look++)
        {
            var left = ticket.Cgroup is null ? KillMembers(strays, look < UnsureLooksMax) : Cgroup.Kill(ticket.Cgroup);
            if (supervisor.IsAlive)
                supervisor.Signal(Native.SIGKILL);
            else if (left == 0)
                break;
            if (time.GetElapsedTime(started) > _patience)
                break;
            await Task.Delay(_pause, time, cancellationToken);
        }

        if (ticket.Cgroup is not null)
            Cgroup.RemoveIfEmpty(ticket.Cgroup);
        return strays.Count;
    }

    int KillMembers(HashSet<ProcessIdentity> strays, bool countUnsure)
    {
        var (members, unsure) = Frozen();
        // The group first and at once: one that forks as fast as we look cannot outrun that.
        if (_numberIsOurs && (supervisor.IsAlive || members.Any(InGroup)))
            _ = Native.Kill(-supervisor.Pid, Native.SIGKILL);
        foreach (var member in members)
        {
            if (!InGroup(member))
                strays.Add(member);
            member.Signal(Native.SIGKILL);
        }

        return members.Count + (unsure && countUnsure ? 1 : 0);
    }

    /// <summary>
    /// The members, none of which can fork any more: those outside the group are stopped as they are found, until a look finds no new one.
    /// Killed one by one instead, each could leave a child that was not there when we looked.
    /// </summary>
    Belongings Frozen()
    {
        var stopped = new HashSet<ProcessIdentity>();
        for (var look = 1; ; look++)
        {
            var found = Members();
            var fresh = found.Processes.Where(p => !InGroup(p) && stopped.Add(p)).ToList();
            if (fresh.Count == 0 || look == FreezeLooksMax)
                return found;
            foreach (var process in fresh)
                process.Signal(Native.SIGSTOP);
        }
    }

    bool InGroup(ProcessIdentity process) => _numberIsOurs && ProcessStat.Read(process.Pid)?.Group == supervisor.Pid;

    Belongings Members() => ProcessTable.Belonging(supervisor, ticket.Key.FolderName, _numberIsOurs, startedAt);
}
