using Maintenance.Host.Settings;
using Temporal.Engine;

namespace Maintenance.Host.Tests.Settings;

/// <summary>Who may call the embedded engine, as it is set.</summary>
public sealed class EngineSettingsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("engine-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_names_where_it_is_and_what_it_allows()
    {
        var key = EngineKeySetting.Parse("ci", "env:CI_KEY default=write staging=read *=admin", out var problem);

        Assert.Equal("", problem);
        Assert.Equal("env:CI_KEY", key!.Reference);
        Assert.Equal(EnginePermission.Write, key.Permissions["default"]);
        Assert.Equal(EnginePermission.Read, key.Permissions["staging"]);
        Assert.Equal(EnginePermission.Admin, key.Permissions["*"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret-s3cret-s3cret default=write")]
    [InlineData("env: default=write")]
    [InlineData("file:relative default=write")]
    public void A_key_itself_is_refused_in_the_settings_and_never_repeated(string text)
    {
        Assert.Null(EngineKeySetting.Parse("ci", text, out var problem));
        Assert.Contains("Engine:ApiKeys:ci", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:CI_KEY")]
    [InlineData("env:CI_KEY default")]
    [InlineData("env:CI_KEY default=owner")]
    [InlineData("env:CI_KEY =read")]
    public void A_key_that_allows_nothing_that_exists_is_a_slip_of_the_pen(string text)
    {
        Assert.Null(EngineKeySetting.Parse("ci", text, out var problem));
        Assert.Contains("NAMESPACE=read", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_read_from_its_file_without_the_last_newline()
    {
        var file = Path.Combine(_folder, "ci.key");
        File.WriteAllText(file, "0123456789abcdef0123\n");

        Assert.Equal("ci", EngineKeySetting.Parse("ci", $"file:{file} default=read", out _)!.Resolve().Name);
    }

    [Fact]
    public void A_key_that_is_not_there_or_too_short_is_said_with_a_next_step()
    {
        var file = Path.Combine(_folder, "short.key");
        File.WriteAllText(file, "guessable");

        var missing = Assert.Throws<InvalidSettingsException>(
            () => EngineKeySetting.Parse("ci", "env:NO_SUCH_VARIABLE_HERE default=read", out _)!.Resolve());
        var guessable = Assert.Throws<InvalidSettingsException>(() => EngineKeySetting.Parse("ci", $"file:{file} default=read", out _)!.Resolve());

        Assert.Contains("NO_SUCH_VARIABLE_HERE", missing.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", guessable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessable", guessable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7233")]
    [InlineData("[::]:7233")]
    public void An_address_that_the_network_reaches_needs_callers_that_prove_themselves(string listen)
    {
        var open = HostSettingsRules.Check(new() { Engine = new() { Listen = listen } });
        var tlsAlone = HostSettingsRules.Check(new() { Engine = new() { Listen = listen, TlsCertificate = "a", TlsKey = "b" } });
        var keys = HostSettingsRules.Check(new()
        {
            Engine = new() { Listen = listen, ApiKeys = new Dictionary<string, string> { ["ci"] = "env:CI_KEY default=read" } },
        });
        var mutual = HostSettingsRules.Check(new() { Engine = new() { Listen = listen, TlsCertificate = "a", TlsKey = "b", TlsClientCa = "c" } });

        Assert.Contains(open, problem => problem.Contains("Engine:ApiKeys", StringComparison.Ordinal));
        Assert.Single(tlsAlone);
        Assert.Empty(keys);
        Assert.Empty(mutual);
    }

    [Fact]
    public void Certificates_come_in_pairs()
    {
        Assert.Single(HostSettingsRules.Check(new() { Engine = new() { TlsCertificate = "a" } }));
        Assert.Single(HostSettingsRules.Check(new() { Engine = new() { TlsClientCa = "a" } }));
    }

    [Fact]
    public void Keys_come_from_file_and_flags_under_any_name()
    {
        var (settings, _) = SettingsReader.Read(file: null, [new("Engine:ApiKeys:ci", "env:CI_KEY default=read")]);

        Assert.Equal("env:CI_KEY default=read", settings.Engine.ApiKeys["ci"]);
    }
}
