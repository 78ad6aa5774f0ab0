using System.Text;
using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Every form of a secret is taken out, wherever a read, a line or a cut divides it.</summary>
public sealed class RedactorTests : IDisposable
{
    const string Secret = "p@ss \"w\\rd\"/+=ü-0123456789-abcdefghijklmnopqrstuvwxyz-and-some-more-to-wrap";
    const string Key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nq8s7d6f5g4h3j2k1l0\n-----END KEY-----\n";

    readonly string _file = Path.GetTempFileName();

    public static TheoryData<string, string> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        var base64 = Convert.ToBase64String(bytes);
        return new()
        {
            { "plain", Secret },
            { "url", Uri.EscapeDataString(Secret) },
            { "form", Uri.EscapeDataString(Secret).Replace("%20", "+") },
            { "json", Secret.Replace("\\", "\\\\").Replace("\"", "\\\"") },
            { "hex", Convert.ToHexStringLower(bytes) },
            { "HEX", Convert.ToHexString(bytes) },
            { "base64", base64 },
            { "base64url", base64.Replace('+', '-').Replace('/', '_').TrimEnd('=') },
            { "base64 behind one byte", Convert.ToBase64String([1, .. bytes])[4..] },
            { "base64 behind two bytes", Convert.ToBase64String([1, 2, .. bytes])[4..] },
            { "base64 in lines", Wrapped(base64, 76) },
            { "hex in lines", Wrapped(Convert.ToHexStringLower(bytes), 20) },
            { "folded", Wrapped(Secret, 10) },
            { "folded with returns", Wrapped(Secret, 10).Replace("\n", "\r\n") },
        };
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Nothing_of_a_form_is_left(string name, string form)
    {
        var text = $"before\n{form}\nafter\n";

        var redacted = new Redactor([Secret]).Redact(text);

        Assert.True(Leak(redacted, form) is null, $"{name}: {Leak(redacted, form)} in {redacted}");
        Assert.StartsWith("before\n", redacted);
        Assert.EndsWith("after\n", redacted);
        Assert.Equal(text.Count(c => c == '\n'), redacted.Count(c => c == '\n'));
    }

    /// <summary>The live view sees a growing file: at each length it may look, and nothing of what it gives may be a part of the secret.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void A_look_at_any_moment_shows_no_part(string name, string form)
    {
        var bytes = Encoding.UTF8.GetBytes($"one\n{form}\ntwo\n");
        for (var look = 1; look < bytes.Length; look += 3)
        {
            var output = new LiveOutput(_file, new Redactor([Secret]));
            File.WriteAllBytes(_file, bytes[..look]);
            var first = output.Read();
            File.WriteAllBytes(_file, bytes);
            var second = output.Read();

            foreach (var seen in second.Lines.Select(l => l.Text).Append(first.Last).Append(second.Last).Concat(first.Lines.Select(l => l.Text)))
                Assert.True(Leak(seen, form) is null, $"{name}, look at {look}: {seen}");
            Assert.Equal("two", second.Lines[^1].Text);
            Assert.Equal(Enumerable.Range(1, second.Lines.Count).Select(n => (long?)n), second.Lines.Select(l => l.Number));
        }
    }

    [Fact]
    public void Each_line_of_a_key_is_taken_out_and_the_lines_stay_lines()
    {
        var redacted = new Redactor([Key]).Redact($"{Key}end\n");

        Assert.Equal("[secret]\n[secret]\n[secret]\n[secret]\nend\n", redacted);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_cut_inside_leaves_no_part_on_either_side(string name, string form)
    {
        var redactor = new Redactor([Secret]);
        for (var cut = 4; cut < form.Length - 4; cut++)
        {
            Assert.True(Leak(redactor.RedactHead("x " + form[..cut]), form) is null, $"{name} before {cut}");
            Assert.True(Leak(redactor.RedactTail(form[cut..] + " x"), form) is null, $"{name} behind {cut}");
        }
    }

    [Fact]
    public void Output_of_one_line_without_end_is_followed_in_little_memory()
    {
        var output = new LiveOutput(_file, new Redactor([Secret]));
        using (var stream = new FileStream(_file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            for (var i = 0; i < 400; i++)
            {
                stream.Write(new byte[64 * 1024]);
                stream.Flush();
                Assert.Empty(output.Read().Lines);
            }

            stream.Write("\nnext\n"u8);
        }

        Assert.Equal("next", output.Read().Lines[^1].Text);
    }

    /// <summary>The first eight characters in a row of the form, ends of lines apart, that a text still holds.</summary>
    static string? Leak(string text, string form)
    {
        const int telling = 8;
        var (plainText, plainForm) = (Plain(text), Plain(form));
        for (var i = 0; i + telling <= plainForm.Length; i++)
        {
            if (plainText.Contains(plainForm.Substring(i, telling), StringComparison.Ordinal))
                return plainForm.Substring(i, telling);
        }

        return null;
    }

    static string Plain(string text) => text.Replace("\n", "").Replace("\r", "");

    static string Wrapped(string text, int width) => string.Join('\n', text.Chunk(width).Select(c => new string(c)));

    public void Dispose() => File.Delete(_file);
}
