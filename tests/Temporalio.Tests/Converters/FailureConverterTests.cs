using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Converters;

public class FailureConverterTests
{
    static readonly DataConverter Converter = DataConverter.Default;

    [Fact]
    public async Task An_application_failure_comes_back_whole()
    {
        var thrown = new ApplicationFailureException(
            "disk full",
            new InvalidOperationException("no space left"),
            errorType: "DiskFull",
            nonRetryable: true,
            details: ["/var", 17],
            nextRetryDelay: TimeSpan.FromMinutes(3),
            category: ApplicationErrorCategory.Benign);

        var failure = Assert.IsType<ApplicationFailureException>(await RoundTripAsync(thrown));

        Assert.Equal("disk full", failure.Message);
        Assert.Equal("DiskFull", failure.ErrorType);
        Assert.True(failure.NonRetryable);
        Assert.Equal(2, failure.Details.Count);
        Assert.Equal("/var", failure.Details.ElementAt<string>(0));
        Assert.Equal(17, failure.Details.ElementAt<int>(1));
        Assert.Equal(TimeSpan.FromMinutes(3), failure.NextRetryDelay);
        Assert.Equal(ApplicationErrorCategory.Benign, failure.Category);
        var cause = Assert.IsType<ApplicationFailureException>(failure.InnerException);
        Assert.Equal("no space left", cause.Message);
        Assert.Equal("InvalidOperationException", cause.ErrorType);
    }

    [Fact]
    public async Task A_thrown_exception_keeps_its_stack_trace()
    {
        var failure = await RoundTripAsync(Thrown());

        Assert.Contains(nameof(Thrown), failure.StackTrace);
    }

    [Theory]
    [InlineData(Failure.FailureInfoOneofCase.TimeoutFailureInfo, typeof(TimeoutFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.CanceledFailureInfo, typeof(CanceledFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.TerminatedFailureInfo, typeof(TerminatedFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.ServerFailureInfo, typeof(ServerFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.ActivityFailureInfo, typeof(ActivityFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.ChildWorkflowExecutionFailureInfo, typeof(ChildWorkflowFailureException))]
    [InlineData(Failure.FailureInfoOneofCase.None, typeof(FailureException))]
    public async Task Each_kind_of_failure_has_its_exception_and_goes_on_as_it_came(
        Failure.FailureInfoOneofCase kind, Type expected)
    {
        var failure = FailureOf(kind);

        var exception = await Converter.ToExceptionAsync(failure);
        var again = await Converter.ToFailureAsync(exception);

        Assert.IsType(expected, exception);
        Assert.Equal(failure, again);
    }

    [Fact]
    public void A_cancelled_activity_counts_as_cancelled()
    {
        var failure = FailureOf(Failure.FailureInfoOneofCase.ActivityFailureInfo);
        failure.Cause = FailureOf(Failure.FailureInfoOneofCase.CanceledFailureInfo);

        var exception = Converter.FailureConverter.ToException(failure, Converter.PayloadConverter);

        Assert.True(TemporalException.IsCanceledException(exception));
        Assert.False(TemporalException.IsCanceledException(new InvalidOperationException()));
    }

    [Fact]
    public async Task Message_and_trace_can_be_hidden_from_the_server()
    {
        var converter = Converter with
        {
            FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes(),
            PayloadCodec = new ReversingCodec(),
        };

        var failure = await converter.ToFailureAsync(new ApplicationFailureException("the key is 4711", details: ["more"]));
        var exception = await converter.ToExceptionAsync(failure);

        Assert.DoesNotContain("4711", failure.ToString());
        Assert.Equal("the key is 4711", exception.Message);
        Assert.Equal("more", ((ApplicationFailureException)exception).Details.ElementAt<string>(0));
    }

    [Fact]
    public void A_missing_detail_says_how_many_there_are()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new ApplicationFailureException("x", details: [1]).Details.ElementAt<int>(1));

        Assert.Contains("1 details", error.Message);
    }

    static async Task<Exception> RoundTripAsync(Exception exception) =>
        await Converter.ToExceptionAsync(await Converter.ToFailureAsync(exception));

    static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("here");
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    static Failure FailureOf(Failure.FailureInfoOneofCase kind)
    {
        var failure = new Failure { Message = kind.ToString(), StackTrace = "at somewhere" };
        var field = Failure.Descriptor.Oneofs[0].Fields.SingleOrDefault(field => field.FieldNumber == (int)kind);
        field?.Accessor.SetValue(failure, field.MessageType.Parser.ParseFrom(Array.Empty<byte>()));
        return failure;
    }
}
