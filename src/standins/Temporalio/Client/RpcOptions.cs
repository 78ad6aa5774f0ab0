namespace Temporalio.Client;

/// <summary>What a caller may say about one call to the server.</summary>
public class RpcOptions : ICloneable
{
    /// <summary>
    /// Whether failed calls are tried again. Null: the client's own calls are, calls on the raw services are not.
    /// </summary>
    public bool? Retry { get; set; }

    /// <summary>Metadata added to the connection's; the same name wins here.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>>? Metadata { get; set; }

    /// <summary>Binary metadata; names end in <c>-bin</c>.</summary>
    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? BinaryMetadata { get; set; }

    /// <summary>Longest time for one try; null: 30 s, for long polls 70 s.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Gives the call up. For calls that start something, it may have happened nevertheless.</summary>
    public CancellationToken? CancellationToken { get; set; }

    public virtual object Clone() => MemberwiseClone();

    /// <summary>These options with a second way to cancel; dispose the source, if any, when the call is over.</summary>
    protected internal Tuple<RpcOptions, CancellationTokenSource?> WithAdditionalCancellationToken(
        CancellationToken? cancellationToken)
    {
        if (cancellationToken is not { CanBeCanceled: true } added)
            return new(this, null);

        var copy = (RpcOptions)Clone();
        if (CancellationToken is not { CanBeCanceled: true } own)
        {
            copy.CancellationToken = added;
            return new(copy, null);
        }

        var both = CancellationTokenSource.CreateLinkedTokenSource(own, added);
        copy.CancellationToken = both.Token;
        return new(copy, both);
    }
}
