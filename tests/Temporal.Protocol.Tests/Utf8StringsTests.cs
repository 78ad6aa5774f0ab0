using System.Text;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Protocol.Tests;

public sealed class Utf8StringsTests
{
    static readonly byte[] Broken = [0xc3, 0x28];

    [Fact]
    public void Text_of_any_script_and_any_bytes_beside_it_are_valid()
    {
        var request = new SignalWorkflowExecutionRequest
        {
            Namespace = "größe ☂ 😀",
            WorkflowExecution = new() { WorkflowId = new string('ü', 500) },
            Input = new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(Broken), Metadata = { ["encoding"] = ByteString.CopyFrom(Broken) } } } },
        };

        Assert.True(Utf8Strings.AreValid(SignalWorkflowExecutionRequest.Descriptor, request.ToByteArray()));
    }

    [Theory]
    [InlineData("field")]
    [InlineData("nested")]
    [InlineData("map key")]
    public void A_broken_string_is_found_wherever_it_is(string where)
    {
        // A place-holder of the same length is put in and then broken.
        var request = new SignalWorkflowExecutionRequest { Input = new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(Broken) } } } };
        if (where == "field")
            request.Namespace = "@@";
        else if (where == "nested")
            request.WorkflowExecution = new() { WorkflowId = "@@" };
        else
            request.Input.Payloads_[0].Metadata["@@"] = ByteString.Empty;
        var bytes = request.ToByteArray();
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("@@"));
        Broken.CopyTo(bytes.AsSpan(at));

        Assert.False(Utf8Strings.AreValid(SignalWorkflowExecutionRequest.Descriptor, bytes));
    }
}
