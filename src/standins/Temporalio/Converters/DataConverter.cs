namespace Temporalio.Converters;

/// <summary>How values and exceptions become payloads and failures.</summary>
/// <param name="PayloadConverter">Values, synchronously and deterministically.</param>
/// <param name="FailureConverter">Exceptions.</param>
/// <param name="PayloadCodec">A last step over the bytes, for example encryption; null for none.</param>
public record DataConverter(
    IPayloadConverter PayloadConverter,
    IFailureConverter FailureConverter,
    IPayloadCodec? PayloadCodec = null) : IWithSerializationContext<DataConverter>
{
    /// <summary>JSON and protobuf, no codec.</summary>
    public static DataConverter Default { get; } = new(new DefaultPayloadConverter(), new DefaultFailureConverter());

    public virtual DataConverter WithSerializationContext(ISerializationContext context)
    {
        var payloads = Bind(PayloadConverter, context);
        var failures = Bind(FailureConverter, context);
        var codec = PayloadCodec is null ? null : Bind(PayloadCodec, context);

        // The usual converters have no context; then nothing is allocated per call.
        return ReferenceEquals(payloads, PayloadConverter)
            && ReferenceEquals(failures, FailureConverter)
            && ReferenceEquals(codec, PayloadCodec)
            ? this
            : this with { PayloadConverter = payloads, FailureConverter = failures, PayloadCodec = codec };
    }

    static T Bind<T>(T converter, ISerializationContext context) =>
        converter is IWithSerializationContext<T> aware ? aware.WithSerializationContext(context) : converter;
}
