namespace Maintenance.Benchmarks;

/// <summary>What a series of measurements says, in milliseconds.</summary>
sealed record Summary(double Min, double P50, double P95, double Max, int Count)
{
    public static Summary Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(sorted[0], At(sorted, 0.5), At(sorted, 0.95), sorted[^1], sorted.Length);
    }

    public override string ToString() => $"p50 {P50:0.0}, p95 {P95:0.0}, max {Max:0.0} ms (n={Count})";

    static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
