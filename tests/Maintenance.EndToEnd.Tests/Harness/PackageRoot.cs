namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>
/// A scratch root for apt with packages from a repository that the test builds: real apt and dpkg, and nothing of this machine changes.
/// </summary>
sealed class PackageRoot : IDisposable
{
    readonly Scratch _scratch = new();

    public string Folder => _scratch.Path;

    public string Root => _scratch["root"];

    /// <summary>The value for APT_CONFIG.</summary>
    public string Config => _scratch["apt.conf"];

    public static async Task<PackageRoot> CreateAsync()
    {
        var packages = new PackageRoot();
        packages._scratch.Write("apt.conf",
            $$"""
            Dir "{{packages.Root}}";
            Dir::State::status "{{packages.Root}}/var/lib/dpkg/status";
            Dir::Bin::methods "/usr/lib/apt/methods";
            Dir::Etc::trusted "/dev/null";
            DPkg::Options { "--root={{packages.Root}}"; "--log={{packages.Root}}/dpkg.log"; };
            APT::Sandbox::User "root";
            """);
        await Programs.BashAsync(
            """
            mkdir -p repository/{pool,dists/stable/main/binary-all,dists/stable-security/main/binary-all} build
            mkdir -p root/var/lib/dpkg/{info,updates} root/var/lib/apt/lists/partial root/var/cache/apt/archives/partial root/etc/apt root/var/log/apt
            touch root/var/lib/dpkg/status
            """,
            packages.Folder);
        foreach (var suite in new[] { "stable", "stable-security" })
            await File.AppendAllTextAsync(packages._scratch["root/etc/apt/sources.list"], $"deb [trusted=yes] file:{packages.Folder}/repository {suite} main\n");
        return packages;
    }

    /// <summary>Builds a package and publishes it in a suite.</summary>
    public async Task PublishAsync(string suite, string name, string version, string preInstall = "")
    {
        var script = preInstall.Length == 0 ? "" :
            $"printf '#!/bin/sh\\n{preInstall}\\n' > build/DEBIAN/preinst; chmod 755 build/DEBIAN/preinst";
        await Programs.BashAsync(
            $"""
            rm -rf build; mkdir -p build/DEBIAN build/usr/share/{name} repository/pool/{suite}
            printf 'Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Tests <tests@example.com>\nDescription: made by a test\n' > build/DEBIAN/control
            echo {version} > build/usr/share/{name}/version
            {script}
            dpkg-deb --build --root-owner-group build repository/pool/{suite}/{name}_{version}_all.deb
            cd repository
            for suite in stable stable-security; do
                mkdir -p pool/$suite
                apt-ftparchive packages pool/$suite > dists/$suite/main/binary-all/Packages
                apt-ftparchive -o APT::FTPArchive::Release::Suite=$suite -o APT::FTPArchive::Release::Codename=$suite \
                    -o APT::FTPArchive::Release::Components=main -o APT::FTPArchive::Release::Architectures=all release dists/$suite > Release.new
                mv Release.new dists/$suite/Release
            done
            """,
            Folder);
    }

    public Task InstallAsync(params string[] names) => Programs.BashAsync(
        $"export APT_CONFIG={Config}; apt-get update -qq; apt-get install -y -qq {string.Join(' ', names)} >/dev/null", Folder);

    public string InstalledVersion(string name) => File.ReadAllText(Path.Combine(Root, "usr/share", name, "version")).Trim();

    public void Dispose() => _scratch.Dispose();
}
