using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>Bytes that follow from a seed, so that whoever knows the seed can tell one wrong byte.</summary>
internal static class Pattern
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>A length from 16 bytes up to about the maximum, each power of two as likely as the next.</summary>
    public static int RandomLength(Random random, int max) => (int)(16 * Math.Pow(max / 16.0, random.NextDouble()));

    public static byte[] Create(int length, ulong seed)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        Fill(bytes, seed);
        return bytes;
    }

    public static void Fill(Span<byte> destination, ulong seed)
    {
        ulong state = Mix(seed);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(destination);
        foreach (ref ulong word in words)
        {
            state += Step;
            word = state ^ (state >> 29);
        }

        Span<byte> rest = destination[(words.Length * sizeof(ulong))..];
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = (byte)((state >> (i * 8)) + (ulong)i);
        }
    }

    /// <summary>Bytes that say their seed themselves, in their first eight; at least that long.</summary>
    public static byte[] CreateTagged(int length, ulong seed)
    {
        byte[] bytes = Create(length, seed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return bytes;
    }

    /// <summary>Whether every byte is as <see cref="CreateTagged"/> made it.</summary>
    public static bool IsTagged(ReadOnlySpan<byte> bytes, out ulong seed)
    {
        seed = bytes.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return bytes.Length >= sizeof(ulong) && bytes.SequenceEqual(CreateTagged(bytes.Length, seed));
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        return (x ^ (x >> 27)) * 0x94D049BB133111EB;
    }
}
