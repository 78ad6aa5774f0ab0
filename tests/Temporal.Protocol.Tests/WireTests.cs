using Google.Protobuf.WellKnownTypes;

namespace Temporal.Protocol.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData("0:00:00", "0m")]
    [InlineData("0:00:00.0000001", "1m")]
    [InlineData("0:01:10", "70000m")]
    [InlineData("1.00:00:00", "86400000m")]
    [InlineData("2.00:00:00", "172800S")]
    [InlineData("10675199.00:00:00", "99999999H")]
    public void A_timeout_is_written_in_eight_digits_and_never_shorter(string timeout, string header) =>
        Assert.Equal(header, GrpcTimeout.Write(TimeSpan.Parse(timeout)));

    [Theory]
    [InlineData("1H", "1:00:00")]
    [InlineData("90M", "1:30:00")]
    [InlineData("70S", "0:01:10")]
    [InlineData("250m", "0:00:00.25")]
    [InlineData("50u", "0:00:00.00005")]
    [InlineData("100n", "0:00:00.0000001")]
    public void A_timeout_is_read_in_every_unit(string header, string timeout)
    {
        Assert.True(GrpcTimeout.TryRead(header, out var read));
        Assert.Equal(TimeSpan.Parse(timeout), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5 S")]
    [InlineData("5s")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_not_read(string header) => Assert.False(GrpcTimeout.TryRead(header, out _));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("50%", "50%25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("größe", "gr%C3%B6%C3%9Fe")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void A_status_message_survives_its_header(string text, string header)
    {
        Assert.Equal(header, StatusText.Encode(text));
        Assert.Equal(text, StatusText.Decode(header));
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz and %4", "%zz and %4")]
    public void A_message_with_a_broken_escape_is_shown_as_it_is(string header, string text) =>
        Assert.Equal(text, StatusText.Decode(header));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Details_are_read_with_and_without_padding(int length)
    {
        var failure = RpcFailure.WithDetail(RpcStatus.NotFound, "no", new StringValue { Value = new string('x', length) });
        var header = StatusDetails.Encode(failure);

        Assert.NotNull(header);
        Assert.DoesNotContain("=", header);
        Assert.Single(StatusDetails.Decode(header));
        Assert.Single(StatusDetails.Decode(header.PadRight((header.Length + 3) / 4 * 4, '=')));
    }

    [Theory]
    [InlineData("?")]
    [InlineData("AAAAA")]
    [InlineData("////")]
    public void Details_that_cannot_be_read_are_none(string header) => Assert.Empty(StatusDetails.Decode(header));

    [Fact]
    public void A_small_message_that_unpacks_to_a_huge_one_is_stopped_at_the_limit()
    {
        using var packed = new PooledBuffer(1024);
        Gzip.Compress(new byte[10_000_000], packed);
        using var plain = new PooledBuffer(1024);

        Assert.False(Gzip.TryDecompress(packed.Memory, plain, limit: 100_000));
        Assert.True(plain.Length < 1_000_000);
    }
}
