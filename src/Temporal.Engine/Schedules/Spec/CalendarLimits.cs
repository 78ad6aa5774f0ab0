namespace Temporal.Engine.Schedules;

static class CalendarLimits
{
    public const int FirstYear = 2000;

    /// <summary>Nothing is due after this year.</summary>
    public const int LastYear = 2100;

    public const int CommentLength = 200;
}
