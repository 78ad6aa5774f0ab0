using System.Diagnostics.Metrics;
using Temporalio.Common;

namespace Temporalio.Runtime;

/// <summary>Metrics as instruments of one .NET meter.</summary>
sealed class DiagnosticsMeter(Meter meter, KeyValuePair<string, object?>[] tags) : MetricMeter
{
    public static readonly DiagnosticsMeter Shared = new(new("Temporalio"), []);

    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null)
        where T : struct => new Counter<T>(name, unit, description, meter.CreateCounter<T>(name, unit, description), tags);

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null)
        where T : struct =>
        new Histogram<T>(name, unit, description, meter.CreateHistogram<T>(name, unit, description), tags);

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null)
        where T : struct => new Gauge<T>(name, unit, description, meter.CreateGauge<T>(name, unit, description), tags);

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> added) =>
        new DiagnosticsMeter(meter, Join(tags, added));

    static KeyValuePair<string, object?>[] Join(
        KeyValuePair<string, object?>[] tags, IEnumerable<KeyValuePair<string, object>>? added) =>
        added is null ? tags : [.. tags, .. added.Select(tag => KeyValuePair.Create(tag.Key, (object?)tag.Value))];

    sealed class Counter<T>(
        string name,
        string? unit,
        string? description,
        System.Diagnostics.Metrics.Counter<T> instrument,
        KeyValuePair<string, object?>[] tags) : MetricCounter<T>(name, unit, description)
        where T : struct
    {
        public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) =>
            instrument.Add(value, Join(tags, extraTags));

        public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> added) =>
            new Counter<T>(Name, Unit, Description, instrument, Join(tags, added));
    }

    sealed class Histogram<T>(
        string name,
        string? unit,
        string? description,
        System.Diagnostics.Metrics.Histogram<T> instrument,
        KeyValuePair<string, object?>[] tags) : MetricHistogram<T>(name, unit, description)
        where T : struct
    {
        public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) =>
            instrument.Record(value, Join(tags, extraTags));

        public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> added) =>
            new Histogram<T>(Name, Unit, Description, instrument, Join(tags, added));
    }

    sealed class Gauge<T>(
        string name,
        string? unit,
        string? description,
        System.Diagnostics.Metrics.Gauge<T> instrument,
        KeyValuePair<string, object?>[] tags) : MetricGauge<T>(name, unit, description)
        where T : struct
    {
        public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) =>
            instrument.Record(value, Join(tags, extraTags));

        public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> added) =>
            new Gauge<T>(Name, Unit, Description, instrument, Join(tags, added));
    }
}
