using System.Text.RegularExpressions;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Host.Tests.Documents;

/// <summary>
/// docker-compose.yml, Dockerfile and .env.example hold together: what can be seen of them without a container engine.
/// </summary>
public sealed partial class DeploymentTests
{
    static readonly IReadOnlyDictionary<string, YamlMappingNode> _services = Services();

    [Fact]
    public void Every_published_port_is_on_loopback()
    {
        var ports = _services.Values.SelectMany(service => Texts(service, "ports")).ToList();

        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port));
    }

    [Fact]
    public void Every_variable_is_in_the_example_and_no_password_has_a_default()
    {
        var example = File.ReadLines(Documents.PathOf(".env.example")).Where(line => line.Contains('=')).Select(line => line.Split('=')[0]).ToList();
        var used = Variable().Matches(File.ReadAllText(Documents.PathOf("docker-compose.yml"))).ToList();

        Assert.Equal(example.Order(), used.Select(variable => variable.Groups["name"].Value).Distinct().Order());
        Assert.All(
            used.Where(variable => variable.Groups["name"].Value.EndsWith("PASSWORD", StringComparison.Ordinal)),
            variable => Assert.Equal(":?", variable.Groups["otherwise"].Value));
    }

    [Fact]
    public void Every_mounted_path_is_in_the_checkout_and_the_schedules_come_as_a_folder()
    {
        var sources = _services.Values.SelectMany(service => Texts(service, "volumes")).Select(volume => volume.Split(':')[0]).ToList();
        var named = Names((YamlMappingNode)Root()["volumes"]);

        Assert.All(sources, source => Assert.True(
            source == "/dev/null" || named.Contains(source) || Path.Exists(Documents.PathOf(source)), $"{source} is not in the checkout"));
        // git replaces files; a mounted file stays the old one for as long as the container lives.
        Assert.DoesNotContain(sources, source => source.EndsWith("schedules.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_mounts_the_checkout_does_not_see_the_passwords()
    {
        foreach (var (name, service) in _services)
        {
            var volumes = Texts(service, "volumes").ToList();
            foreach (var place in volumes.Where(volume => volume.StartsWith(".:", StringComparison.Ordinal)).Select(volume => volume.Split(':')[1]))
                Assert.True(volumes.Contains($"/dev/null:{place}/.env:ro"), $"{name} sees .env");
        }
    }

    /// <summary>Otherwise <c>docker compose up --wait</c> takes the end of a container that has done its work for a failure.</summary>
    [Fact]
    public void Somebody_waits_for_each_container_that_ends()
    {
        var ending = _services.Where(service => Text(service.Value, "restart").StartsWith("on-failure", StringComparison.Ordinal)).Select(service => service.Key);

        Assert.Equal(ending.Order(), AwaitedFor("service_completed_successfully").Order());
    }

    [Fact]
    public void Every_service_that_others_wait_for_has_a_health_check() =>
        Assert.All(AwaitedFor("service_healthy"), name => Assert.Contains("healthcheck", Names(_services[name])));

    [Fact]
    public void The_workers_settings_and_commands_are_ones_of_the_program()
    {
        var worker = _services["worker"];
        var settings = Names((YamlMappingNode)worker["environment"]);
        var check = Texts((YamlMappingNode)worker["healthcheck"], "test").SkipWhile(word => word != "/app/maintenance.dll").Skip(1).ToList();

        Assert.All(settings, name => Assert.True(SettingKeys.IsKnown(name["MAINTENANCE_".Length..].Replace("__", ":", StringComparison.Ordinal)), name));
        Assert.Empty(CommandLine.Root(Terminal.Console).Parse(Texts(worker, "command").ToList()).Errors);
        Assert.NotEmpty(check);
        Assert.Empty(CommandLine.Root(Terminal.Console).Parse(check).Errors);
    }

    [Fact]
    public void Every_image_has_a_version_and_Temporals_are_the_same()
    {
        var images = _services.Values.Select(service => Text(service, "image")).Where(image => image.Length > 0).ToList();

        Assert.All(images, image => Assert.Matches(@":\d[\w.-]*$", image));
        Assert.Single(images.Where(image => image.StartsWith("temporalio/server:", StringComparison.Ordinal) || image.StartsWith("temporalio/admin-tools:", StringComparison.Ordinal)).Select(image => image.Split(':')[1]).Distinct());
    }

    [Fact]
    public void What_the_Dockerfile_copies_is_there_and_enough_to_build()
    {
        var copied = File.ReadLines(Documents.PathOf("Dockerfile")).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from"))
            .SelectMany(line => line.Split(' ')[1..^1]).ToList();
        var ofTheBuild = Directory.GetFiles(Documents.PathOf("."), "Directory.*.props").Where(file => !file.Contains(".local.")).Select(Path.GetFileName)
            .Concat([".editorconfig", "global.json", "src"]);

        Assert.All(copied, path => Assert.True(Path.Exists(Documents.PathOf(path)), path));
        Assert.Equal(ofTheBuild.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
    }

    static YamlMappingNode Root()
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Documents.PathOf("docker-compose.yml"));
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    static Dictionary<string, YamlMappingNode> Services() =>
        ((YamlMappingNode)Root()["services"]).ToDictionary(service => service.Key.ToString(), service => (YamlMappingNode)service.Value);

    static IEnumerable<string> AwaitedFor(string condition) =>
        from service in _services.Values
        where service.Children.ContainsKey("depends_on")
        from other in (YamlMappingNode)service["depends_on"]
        where Text((YamlMappingNode)other.Value, "condition") == condition
        select other.Key.ToString();

    static string Text(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? value.ToString() : "";

    static IEnumerable<string> Texts(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value) ? ((YamlSequenceNode)value).Select(item => item.ToString()) : [];

    static IReadOnlyList<string> Names(YamlMappingNode node) => [.. node.Children.Keys.Select(key => key.ToString())];

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<otherwise>:?[?-]?)")]
    private static partial Regex Variable();
}
