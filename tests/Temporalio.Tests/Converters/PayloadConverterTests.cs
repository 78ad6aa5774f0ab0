using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Tests.Converters;

public class PayloadConverterTests
{
    static readonly DefaultPayloadConverter Converter = new();

    [Fact]
    public void Null_has_no_data()
    {
        var payload = Converter.ToPayload(null);

        Assert.Equal("binary/null", payload.Metadata["encoding"].ToStringUtf8());
        Assert.True(payload.Data.IsEmpty);
        Assert.Null(Converter.ToValue<string?>(payload));
        Assert.Null(Converter.ToValue<int?>(payload));
    }

    [Fact]
    public void Null_cannot_become_a_number()
    {
        var error = Assert.Throws<ArgumentException>(() => Converter.ToValue<int>(Converter.ToPayload(null)));

        Assert.Contains("Int32", error.Message);
    }

    [Fact]
    public void Bytes_go_as_they_are_and_are_the_payloads_own()
    {
        byte[] bytes = [1, 2, 3];

        var payload = Converter.ToPayload(bytes);
        bytes[0] = 9;

        Assert.Equal("binary/plain", payload.Metadata["encoding"].ToStringUtf8());
        Assert.Equal([1, 2, 3], Converter.ToValue<byte[]>(payload));
    }

    [Fact]
    public void A_message_goes_as_protobufs_json_with_its_type()
    {
        var message = new WorkflowType { Name = "backup" };

        var payload = Converter.ToPayload(message);

        Assert.Equal("json/protobuf", payload.Metadata["encoding"].ToStringUtf8());
        Assert.Equal("temporal.api.common.v1.WorkflowType", payload.Metadata["messageType"].ToStringUtf8());
        Assert.Equal(message, Converter.ToValue<WorkflowType>(payload));
    }

    [Fact]
    public void A_binary_message_is_read()
    {
        var message = new WorkflowType { Name = "backup" };
        var payload = new Payload
        {
            Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/protobuf") },
            Data = message.ToByteString(),
        };

        Assert.Equal(message, Converter.ToValue<WorkflowType>(payload));
    }

    [Fact]
    public void Anything_else_is_json_of_its_runtime_type()
    {
        object value = new Order("A-1", 3);

        var payload = Converter.ToPayload(value);

        Assert.Equal("json/plain", payload.Metadata["encoding"].ToStringUtf8());
        Assert.Equal("""{"Id":"A-1","Count":3}""", payload.Data.ToStringUtf8());
        Assert.Equal(value, Converter.ToValue<Order>(payload));
    }

    [Fact]
    public void A_raw_value_is_passed_on_unread()
    {
        var payload = Converter.ToPayload("text");

        Assert.Same(payload, Converter.ToPayload(new RawValue(payload)));
        Assert.Same(payload, Converter.ToValue<IRawValue>(payload).Payload);
    }

    [Fact]
    public void An_unknown_encoding_says_which_it_is()
    {
        var payload = new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/encrypted") } };

        var error = Assert.Throws<ArgumentException>(() => Converter.ToValue<string>(payload));

        Assert.Contains("binary/encrypted", error.Message);
    }

    [Fact]
    public async Task A_codec_sees_what_is_sent_and_what_is_read()
    {
        var converter = DataConverter.Default with { PayloadCodec = new ReversingCodec() };

        var payload = await converter.ToPayloadAsync("abc");

        Assert.Equal("\"cba\"", payload.Data.ToStringUtf8());
        Assert.Equal("abc", await converter.ToValueAsync<string>(payload));
    }

    sealed record Order(string Id, int Count);
}
