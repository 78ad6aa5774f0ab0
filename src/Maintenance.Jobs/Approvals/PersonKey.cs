using System.Security.Cryptography;

namespace Maintenance.Jobs.Approvals;

/// <summary>A person's own key, a PEM file that only its owner can read. Its first line says whose it is.</summary>
public sealed class PersonKey : IDisposable
{
    const string FirstLine = "maintenance key of ";

    readonly ECDsa _key;

    PersonKey(string person, ECDsa key) => (Person, _key) = (person, key);

    public string Person { get; }

    public PublicKey Public => PublicKey.Of(_key);

    public static PersonKey Make(string person) => new(person, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="IOException">It cannot be written, or is there already: a key is never replaced.</exception>
    public void Write(string file)
    {
        using var stream = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        using var writer = new StreamWriter(stream);
        writer.Write($"{FirstLine}{Person}\n{_key.ExportPkcs8PrivateKeyPem()}\n");
    }

    /// <exception cref="InvalidDataException">The file is no such key, or others can read it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PersonKey Read(string file)
    {
        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var text = File.ReadAllText(file);
        if ((File.GetUnixFileMode(file) & others) != 0)
            throw new InvalidDataException(
                $"{file} can be read by others, so it proves nothing. Run `chmod 600 {file}`, or make a new key.");
        var first = text.Split('\n')[0];
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            if (first.StartsWith(FirstLine, StringComparison.Ordinal) && PublicKey.TryRead(PublicKey.Of(key).Text, out _))
                return new PersonKey(first[FirstLine.Length..].Trim(), key);
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            // Said below, as any other file that is no key.
        }

        key.Dispose();
        throw new InvalidDataException($"{file} is no key of a person. Make one with `maintenance people key NAME`.");
    }

    public string Sign(ApprovalClaims claims) => ApprovalToken.Sign(claims with { Person = Person }, _key);

    public void Dispose() => _key.Dispose();
}
