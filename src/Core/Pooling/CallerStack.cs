using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// Tells a thread by where its stack is: an address of a local variable is compared, which takes a third of the time of a look-up of
/// thread-local data.
/// </summary>
/// <remarks>
/// Stacks of living threads do not overlap, so that who runs inside a window of one is its thread. Whoever runs outside (deeper, or on
/// a stack of his own making, as fibers do) is not recognised, which only costs time. Where the stack of a thread was that has ended,
/// there may be several others' now: nobody is recognised by that one any more, see <see cref="StackWindow"/>.
/// </remarks>
internal static unsafe class CallerStack
{
    /// <summary>What no address is in.</summary>
    internal static nuint NoWindow => nuint.MaxValue;

    // The outermost frames of a stack; a thread with a smaller stack has no window.
    private const int WindowLog = 19;
    private const nuint WindowBytes = 1 << WindowLog;

    /// <summary>An address on the caller's stack.</summary>
    internal static nuint Here
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        [SkipLocalsInit]
        get
        {
            byte here;
            return (nuint)(&here);
        }
    }

    /// <summary>Where the window of the calling thread begins.</summary>
    internal static nuint FindWindow()
    {
        (nuint start, nuint end) = SystemMemory.Current.CallerStack();
        return end - start >= WindowBytes && IsIn(Here, end - WindowBytes) ? end - WindowBytes : NoWindow;
    }

    /// <summary>Whether an address is in a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsIn(nuint address, nuint window) => address - window < WindowBytes;

    /// <summary>Spreads addresses: those in a window have few values.</summary>
    /// <param name="address">Any.</param>
    /// <param name="bits">The number of bits of the value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Hash(nuint address, int bits) => ((uint)(address >> WindowLog) * 0x9E3779B1) >> (32 - bits);
}
