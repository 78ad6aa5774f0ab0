namespace Temporalio.Client;

/// <summary>How requests are compressed. Compressed answers are always read.</summary>
public abstract record GrpcCompression
{
    private GrpcCompression()
    {
    }

    /// <summary>Not at all.</summary>
    public sealed record None : GrpcCompression;

    /// <summary>With gzip, where it pays.</summary>
    public sealed record Gzip : GrpcCompression;
}
