namespace Maintenance.Schedules;

/// <summary>Numbers of the problems of schedules.json (SCH020 and so on); those below 020 are in <see cref="ReadingCodes"/>.</summary>
public static class ScheduleCodes
{
    public const int BadId = 20;
    public const int DuplicateId = 21;
    public const int NoTiming = 22;
    public const int BadCron = 23;
    public const int NeverDue = 24;
    public const int StartByBelowCatchUp = 25;
    public const int FinishByBelowStartBy = 26;
    public const int UnknownCalendar = 27;
    public const int BadDate = 28;
    public const int BadWindow = 29;
    public const int BadOnCalendar = 30;
    public const int BadInstant = 31;
    public const int BadInterval = 32;
    public const int BadField = 33;
    public const int PausedWithoutReason = 34;
    public const int UnknownJob = 35;
    public const int EmptyCalendar = 36;
    public const int TooManyEntries = 37;
    public const int JitterBeyondStartBy = 38;
    public const int BadInput = 39;
    public const int CannotRead = 40;
    public const int BadIcs = 41;
    public const int BadInclude = 42;
    public const int BadOverride = 43;
    public const int BadEvent = 44;
    public const int Locked = 45;
}
