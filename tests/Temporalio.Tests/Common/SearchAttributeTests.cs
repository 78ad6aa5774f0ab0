using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Common;

namespace Temporalio.Tests.Common;

public class SearchAttributeTests
{
    static readonly SearchAttributeKey<string> Job = SearchAttributeKey.CreateKeyword("Job");
    static readonly SearchAttributeKey<long> Attempt = SearchAttributeKey.CreateLong("Attempt");
    static readonly SearchAttributeKey<DateTimeOffset> Due = SearchAttributeKey.CreateDateTimeOffset("Due");
    static readonly SearchAttributeKey<IReadOnlyCollection<string>> Hosts = SearchAttributeKey.CreateKeywordList("Hosts");

    [Fact]
    public void Attributes_come_back_from_the_wire_with_type_and_value()
    {
        var due = new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(2));
        var sent = new SearchAttributeCollection.Builder()
            .Set(Job, "backup")
            .Set(Attempt, 3)
            .Set(Due, due)
            .Set(Hosts, ["a", "b"])
            .ToSearchAttributeCollection();

        var received = SearchAttributeCollection.FromProto(sent.ToProto());

        Assert.Equal(4, received.Count);
        Assert.Equal("backup", received.Get(Job));
        Assert.Equal(3, received.Get(Attempt));
        Assert.Equal(due, received.Get(Due));
        Assert.Equal(["a", "b"], received.Get(Hosts));
    }

    [Fact]
    public void A_payload_names_its_type()
    {
        var proto = new SearchAttributeCollection.Builder().Set(Hosts, ["a"]).ToSearchAttributeCollection().ToProto();

        Assert.Equal("KeywordList", proto.IndexedFields["Hosts"].Metadata["type"].ToStringUtf8());
        Assert.Equal("[\"a\"]", proto.IndexedFields["Hosts"].Data.ToStringUtf8());
    }

    [Fact]
    public void A_name_occurs_once_even_when_its_type_changes()
    {
        var attributes = new SearchAttributeCollection.Builder()
            .Set(SearchAttributeKey.CreateText("Job"), "some words")
            .Set(Job, "backup")
            .ToSearchAttributeCollection();

        Assert.Equal("backup", attributes.Get(Job));
        Assert.Single(attributes);
    }

    [Theory]
    [InlineData("Int", "[5]", 5L)]
    [InlineData("Double", "[1.5]", 1.5)]
    [InlineData("Bool", "[true]", true)]
    [InlineData("Keyword", "[\"k\"]", "k")]
    [InlineData("Text", "[\"some words\"]", "some words")]
    public void A_single_value_may_come_as_a_list_of_one(string type, string json, object value)
    {
        var payload = new Payload
        {
            Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8(type) },
            Data = ByteString.CopyFromUtf8(json),
        };

        var received = SearchAttributeCollection.FromProto(new() { IndexedFields = { ["Any"] = payload } });

        Assert.Equal(value, Assert.Single(received.UntypedValues).Value);
    }

    [Fact]
    public void An_empty_list_is_no_value()
    {
        var payload = new Payload
        {
            Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8("Int") },
            Data = ByteString.CopyFromUtf8("[]"),
        };

        Assert.Empty(SearchAttributeCollection.FromProto(new() { IndexedFields = { ["Any"] = payload } }).UntypedValues);
    }

    [Fact]
    public void A_missing_attribute_is_said_by_name()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => SearchAttributeCollection.Empty.Get(Job));

        Assert.Contains("'Job'", error.Message);
    }

    [Fact]
    public void Attributes_without_a_known_type_are_left_out()
    {
        var proto = new SearchAttributes
        {
            IndexedFields =
            {
                ["Odd"] = new Payload { Metadata = { ["type"] = ByteString.CopyFromUtf8("Color") }, Data = ByteString.CopyFromUtf8("1") },
                ["Untyped"] = new Payload { Data = ByteString.CopyFromUtf8("1") },
            },
        };

        Assert.Empty(SearchAttributeCollection.FromProto(proto));
    }
}
