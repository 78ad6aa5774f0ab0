namespace Maintenance.Schedules;

static class ZoneReader
{
    public static Zone? Read(ObjectReader reader, string name)
    {
        if (reader.Value(name) is not { } value || reader.Text(value) is not { } id)
            return null;
        if (Zones.Find(id) is { } zone)
            return zone;
        reader.Problems.Add(value, ReadingCodes.UnknownTimeZone, Zones.Unknown(id), Zones.Suggestion(id));
        return null;
    }
}
