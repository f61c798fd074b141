using System.Runtime.CompilerServices;

namespace FastBuffers.Bench.Gate;

/// <summary>What both sides do with the bytes once they have them: enough that they have to be reached, and never inlined away.</summary>
internal static class Touch
{
    /// <summary>Keeps what it is given from living on the stack only.</summary>
    public static object? Escaped { get; set; }

    /// <summary>Somewhere for results to go, so that the work for them is not dead.</summary>
    public static int Sink { get; set; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Read(ReadOnlySpan<byte> bytes) => bytes[0];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(Span<byte> bytes) => bytes[0] = 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Ends(Span<byte> bytes)
    {
        bytes[0] = 1;
        bytes[^1] = 1;
    }
}
