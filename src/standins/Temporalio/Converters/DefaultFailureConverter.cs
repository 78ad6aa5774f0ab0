using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Exceptions;

namespace Temporalio.Converters;

/// <summary>
/// Failures with message, stack trace, cause and details. An exception that is no <see cref="FailureException"/>
/// becomes an application failure whose type is the exception type's name.
/// </summary>
public class DefaultFailureConverter : IFailureConverter
{
    const string MessageKey = "message";
    const string StackTraceKey = "stack_trace";

    public DefaultFailureConverter()
        : this(new())
    {
    }

    protected DefaultFailureConverter(DefaultFailureConverterOptions options) => Options = options;

    public DefaultFailureConverterOptions Options { get; }

    public virtual Failure ToFailure(Exception exception, IPayloadConverter payloadConverter)
    {
        // A failure that came from somewhere goes on as it came; a copy, because a codec will change it in place.
        if (exception is FailureException { Failure: { } known })
            return WithEncodedAttributes(known.Clone(), payloadConverter);

        var failure = new Failure
        {
            Message = exception.Message,
            StackTrace = exception.StackTrace ?? string.Empty,
            Cause = exception.InnerException is { } inner ? ToFailure(inner, payloadConverter) : null,
        };
        SetInfo(failure, exception, payloadConverter);
        return WithEncodedAttributes(failure, payloadConverter);
    }

    public virtual Exception ToException(Failure failure, IPayloadConverter payloadConverter)
    {
        if (failure.EncodedAttributes is not null)
            failure = WithDecodedAttributes(failure, payloadConverter);

        var inner = failure.Cause is { } cause ? ToException(cause, payloadConverter) : null;
        return failure.FailureInfoCase switch
        {
            Failure.FailureInfoOneofCase.ApplicationFailureInfo =>
                new ApplicationFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.TimeoutFailureInfo =>
                new TimeoutFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.CanceledFailureInfo =>
                new CanceledFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.TerminatedFailureInfo => new TerminatedFailureException(failure, inner, null),
            Failure.FailureInfoOneofCase.ServerFailureInfo => new ServerFailureException(failure, inner),
            Failure.FailureInfoOneofCase.ActivityFailureInfo => new ActivityFailureException(failure, inner),
            Failure.FailureInfoOneofCase.ChildWorkflowExecutionFailureInfo =>
                new ChildWorkflowFailureException(failure, inner),
            _ => new FailureException(failure, inner),
        };
    }

    static void SetInfo(Failure failure, Exception exception, IPayloadConverter converter)
    {
        switch (exception)
        {
            case ApplicationFailureException application:
                failure.ApplicationFailureInfo = new()
                {
                    Type = application.ErrorType ?? string.Empty,
                    NonRetryable = application.NonRetryable,
                    Details = ToPayloads(application.Details, converter),
                    NextRetryDelay = application.NextRetryDelay is { } delay
                        ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(delay)
                        : null,
                    Category = application.Category,
                };
                break;
            case CanceledFailureException canceled:
                failure.CanceledFailureInfo = new() { Details = ToPayloads(canceled.Details, converter) };
                break;
            case FailureException:
                // Already-started and the like: the message is all there is.
                break;
            default:
                failure.ApplicationFailureInfo = new() { Type = exception.GetType().Name };
                break;
        }
    }

    static Payloads? ToPayloads(IFailureDetails details, IPayloadConverter converter) => details switch
    {
        { Count: 0 } => null,
        OutboundFailureDetails outbound => new() { Payloads_ = { outbound.Details!.Select(converter.ToPayload) } },
        InboundFailureDetails inbound => new() { Payloads_ = { inbound.Payloads } },
        _ => throw new ArgumentException(
            $"Failure details of type {details.GetType()} cannot be encoded; use OutboundFailureDetails.", nameof(details)),
    };

    Failure WithEncodedAttributes(Failure failure, IPayloadConverter converter)
    {
        if (!Options.EncodeCommonAttributes || failure.EncodedAttributes is not null)
            return failure;

        failure.EncodedAttributes = converter.ToPayload(new Dictionary<string, string>
        {
            [MessageKey] = failure.Message,
            [StackTraceKey] = failure.StackTrace,
        });
        failure.Message = "Encoded failure";
        failure.StackTrace = string.Empty;
        return failure;
    }

    static Failure WithDecodedAttributes(Failure failure, IPayloadConverter converter)
    {
        Dictionary<string, string>? attributes;
        try
        {
            attributes = converter.ToValue<Dictionary<string, string>>(failure.EncodedAttributes);
        }
        catch (Exception)
        {
            // Encrypted for somebody else: the failure is still worth showing with the little it says openly.
            return failure;
        }

        var decoded = failure.Clone();
        decoded.Message = attributes?.GetValueOrDefault(MessageKey) ?? failure.Message;
        decoded.StackTrace = attributes?.GetValueOrDefault(StackTraceKey) ?? failure.StackTrace;
        decoded.EncodedAttributes = null;
        return decoded;
    }

    /// <summary>A converter with <see cref="DefaultFailureConverterOptions.EncodeCommonAttributes"/> set.</summary>
    public class WithEncodedCommonAttributes : DefaultFailureConverter
    {
        public WithEncodedCommonAttributes()
            : base(new() { EncodeCommonAttributes = true })
        {
        }
    }
}
