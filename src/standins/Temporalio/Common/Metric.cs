namespace Temporalio.Common;

/// <summary>A named measurement.</summary>
public abstract class Metric
{
    internal Metric(string name, string? unit, string? description)
    {
        Name = name;
        Unit = unit;
        Description = description;
    }

    public string Name { get; }

    public string? Unit { get; }

    public string? Description { get; }
}

/// <summary>A named measurement of values of type <typeparamref name="T"/>.</summary>
public abstract class Metric<T> : Metric
    where T : struct
{
    internal Metric(string name, string? unit, string? description)
        : base(name, unit, description)
    {
    }
}
