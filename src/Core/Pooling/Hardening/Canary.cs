using System.Security.Cryptography;

namespace FastBuffers;

/// <summary>
/// Bytes that nobody is to write, around what somebody may: the same random ones throughout the process, none of them zero.
/// </summary>
internal static class Canary
{
    private static readonly byte[] s_bytes = Generate();

    /// <summary>Writes it.</summary>
    /// <param name="slack">Less than a page.</param>
    internal static void Fill(Span<byte> slack) => s_bytes.AsSpan(0, slack.Length).CopyTo(slack);

    /// <summary>Whether it is as it was written.</summary>
    internal static bool IsIntact(ReadOnlySpan<byte> slack) => slack.SequenceEqual(s_bytes.AsSpan(0, slack.Length));

    // None is zero, because that is what is written beyond an end the most.
    private static byte[] Generate()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(Environment.SystemPageSize);
        bytes.AsSpan().Replace((byte)0, (byte)0xC5);
        return bytes;
    }
}
