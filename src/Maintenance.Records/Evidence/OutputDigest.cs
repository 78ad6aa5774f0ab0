using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Records;

/// <summary>
/// What an attempt had printed when its run finished, as sha256 in lower-case hex. It outlives the text, which retention deletes first.
/// </summary>
/// <param name="Head">Of <see cref="AttemptOutput.Head"/>: all of the output when nothing was cut.</param>
/// <param name="Tail">Of <see cref="AttemptOutput.Tail"/>; null when nothing was cut.</param>
/// <param name="Full">Of the whole output, where it was stored before the run finished; else null.</param>
public sealed record OutputDigest(int Position, int Number, string Head, string? Tail, string? Full, long TotalBytes, long CutBytes)
{
    public static OutputDigest Of(int position, int number, AttemptOutput output, string? full) => new(
        position, number, Sha256(output.Head), output.CutBytes == 0 ? null : Sha256(output.Tail), full, output.TotalBytes, output.CutBytes);

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
