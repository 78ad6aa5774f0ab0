using Maintenance.Host.Reconcile;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Doctor;

/// <summary>What can be seen without asking another program: disk, clock rules, files in git.</summary>
static class MachineChecks
{
    const long ScarceBytes = 1L << 30;

    public static Finding DataFolder(HostSettings settings)
    {
        var folder = settings.DataDirectory;
        if (!Directory.Exists(folder))
            return Finding.Watch("data", $"{folder} does not exist yet", "`maintenance up` makes it; `--data DIR` names another folder");

        var disk = new DriveInfo(Path.GetFullPath(folder));
        var free = $"{folder}, {disk.AvailableFreeSpace >> 20} MiB free on {disk.DriveFormat}";
        return disk.AvailableFreeSpace < ScarceBytes
            ? Finding.Watch("data", free, "make room: runs stop being acknowledged when the disk is full")
            : Finding.Well("data", free);
    }

    public static Finding TimeZones() =>
        Zones.Find("Europe/Berlin") is null
            ? Finding.Ill("time zones", "this machine has no tz data: only UTC is known", "install the package tzdata")
            : Finding.Well("time zones", $"tz data {Zones.DataVersion}, {Zones.Names.Count} zones");

    public static Finding Files(HostSettings settings, DateTimeOffset now)
    {
        var desired = DesiredState.Load(settings, now);
        return desired.Ok
            ? Finding.Well("files", $"{desired.Value.Schedules.Count} schedules and {desired.Value.Jobs.Count} jobs, no problem")
            : Finding.Ill(
                "files", $"{desired.Problems.Count} problems in schedules.json and the jobs", "`maintenance validate` lists them");
    }
}
