using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Jobs.Approvals;
using static Maintenance.Jobs.Tests.Approvals.SamplePeople;

namespace Maintenance.Jobs.Tests.Approvals;

public class ApprovalTokenTests
{
    static readonly DateTimeOffset Now = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_says_who_signed_what()
    {
        var (claims, person, problem) = ApprovalToken.Open(Ann.Sign(Claims("r1", "sign-off", "e1", Now)), Of(), Now);

        Assert.Equal("", problem);
        Assert.Equal(("ann", "ann", "r1", "e1", "looks right"), (person!.Name, claims!.Person, claims.RunId, claims.Evidence, claims.Reason));
    }

    /// <summary>The last character of base64 may have bits that mean nothing, so every other one is tried.</summary>
    [Fact]
    public void No_character_of_a_token_can_be_changed()
    {
        var token = Ann.Sign(Claims("r1", "sign-off", "e1", Now));

        foreach (var at in Enumerable.Range(0, token.Length - 1).Where(i => token[i] != '.' && token[i + 1] != '.'))
        {
            var changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            Assert.True(ApprovalToken.Open(changed, Of(), Now).Problem.Length > 0, $"character {at} was changed and nobody noticed");
        }
    }

    [Fact]
    public void A_key_that_nobody_knows_proves_nothing_even_under_a_known_name() =>
        Assert.Contains("Nobody in people.json has the key", ApprovalToken.Open(Mallory.Sign(Claims("r1", "s", "e", Now)), Of(), Now).Problem);

    [Fact]
    public void Nobody_can_sign_in_anothers_name()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var people = PeopleReader.Read($$"""{ "people": { "ann": {}, "eve": { "keys": ["{{PublicKey.Of(key).Text}}"] } } }""", "p").Value!;

        Assert.Contains("its key is that of eve", ApprovalToken.Open(ApprovalToken.Sign(Claims("r1", "s", "e", Now) with { Person = "ann" }, key), people, Now).Problem);
    }

    [Theory]
    [InlineData(-13, "was good until")]
    [InlineData(+3, "has not come here")]
    public void A_token_has_its_time(int minutes, string problem) =>
        Assert.Contains(problem, ApprovalToken.Open(Ann.Sign(Claims("r1", "s", "e", Now.AddMinutes(minutes))), Of(), Now).Problem);

    [Fact]
    public void A_token_for_years_is_none() => Assert.Contains(
        "longer than a day",
        ApprovalToken.Open(Ann.Sign(Claims("r1", "s", "e", Now) with { ExpiresAt = Now.AddDays(2).ToUnixTimeSeconds() }), Of(), Now).Problem);

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("!!.!!.!!")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("e30.e30.")]
    public void Anything_else_is_no_token(string text) => Assert.Contains("is none that", ApprovalToken.Open(text, Of(), Now).Problem);

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public void No_other_algorithm_is_taken(string algorithm)
    {
        var token = Ann.Sign(Claims("r1", "s", "e", Now)).Split('.');
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"{{ApprovalToken.Type}}","kid":"{{Ann.Public.Id}}"}"""));

        Assert.Contains("is none that", ApprovalToken.Open($"{header}.{token[1]}.{token[2]}", Of(), Now).Problem);
    }

    [Fact]
    public void A_key_is_kept_for_its_owner_only_and_never_replaced()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("key-").FullName, "ann.pem");
        Ann.Write(file);

        using var read = PersonKey.Read(file);
        Assert.Equal(("ann", Ann.Public), (read.Person, read.Public));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Throws<IOException>(() => Bob.Write(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => PersonKey.Read(file)).Message);
    }
}
