using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Maintenance.Host.Metrics;

/// <summary>Gathers what instruments say and writes it in Prometheus' text format, version 0.0.4.</summary>
sealed class PrometheusText : IDisposable
{
    static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Label sets of one instrument; those that come later are left out.</summary>
    const int SeriesMax = 1_000;

    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<Instrument, Family> _families = new();

    public PrometheusText(IReadOnlyCollection<string> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meters.Contains(instrument.Meter.Name))
                return;
            _families[instrument] = new(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.MeasurementsCompleted = (instrument, _) => _families.TryRemove(instrument, out var _);
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.Start();
    }

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state = null)
    {
        if (_families.TryGetValue(instrument, out var family))
            family.Record(value, tags);
    }

    public string Write()
    {
        foreach (var family in _families.Values)
            family.ForgetGauges();
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            family.WriteTo(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>One instrument with all its label sets.</summary>
    sealed class Family
    {
        readonly Lock _gate = new();
        readonly Dictionary<string, Series> _series = [];
        readonly Instrument _instrument;
        readonly string _type;
        readonly double[] _buckets;

        public Family(Instrument instrument)
        {
            _instrument = instrument;
            var kind = instrument.GetType().Name;
            _type = kind.StartsWith("Histogram", StringComparison.Ordinal)
                ? "histogram"
                : kind.StartsWith("Counter", StringComparison.Ordinal) ? "counter" : "gauge";
            Name =
                instrument.Name.Replace('.', '_') + (instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" })
                    + (_type == "counter" ? "_total" : "");
            _buckets = instrument switch
            {
                Histogram<double> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
                Histogram<long> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(bound => (double)bound)],
                _ => DefaultBuckets,
            };
        }

        public string Name { get; }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = Labels(tags);
            lock (_gate)
            {
                if (!_series.TryGetValue(labels, out var series))
                {
                    if (_series.Count == SeriesMax)
                        return;
                    _series[labels] = series = new(_type == "histogram" ? new long[_buckets.Length] : []);
                }

                series.Sum = _type == "gauge" ? value : series.Sum + value;
                series.Count++;
                var bucket = _type == "histogram" ? Array.FindIndex(_buckets, bound => value <= bound) : -1;
                if (bucket >= 0)
                    series.Buckets[bucket]++;
            }
        }

        /// <summary>A gauge that is not observed any more has no value.</summary>
        public void ForgetGauges()
        {
            lock (_gate)
            {
                if (_type == "gauge")
                    _series.Clear();
            }
        }

        public void WriteTo(StringBuilder text)
        {
            lock (_gate)
            {
                text.Append("# HELP ").Append(Name).Append(' ').Append(_instrument.Description).Append('\n');
                text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
                foreach (var (labels, series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    if (_type == "histogram")
                        WriteHistogram(text, labels, series);
                    else
                        Line(text, Name, labels, series.Sum);
                }
            }
        }

        void WriteHistogram(StringBuilder text, string labels, Series series)
        {
            long below = 0;
            for (var bucket = 0; bucket < _buckets.Length; bucket++)
                Line(text, Name + "_bucket", Join(labels, $"le=\"{Number(_buckets[bucket])}\""), below += series.Buckets[bucket]);
            Line(text, Name + "_bucket", Join(labels, "le=\"+Inf\""), series.Count);
            Line(text, Name + "_sum", labels, series.Sum);
            Line(text, Name + "_count", labels, series.Count);
        }

        static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(Number(value)).Append('\n');

        static string Join(string labels, string more) => labels.Length > 0 ? $"{labels},{more}" : more;

        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new StringBuilder();
            foreach (var (name, value) in tags)
            {
                var escaped = $"{value}".Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal);
                labels.Append(labels.Length > 0 ? "," : "").Append(name).Append("=\"").Append(escaped).Append('"');
            }

            return labels.ToString();
        }
    }

    sealed class Series(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public double Sum { get; set; }

        public long Count { get; set; }
    }
}
