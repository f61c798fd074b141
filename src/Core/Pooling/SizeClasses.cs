using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// The sizes of the blocks that a pool keeps: every 64 bytes up to 1 KiB, then eight to each doubling up to 4 MiB, so that above 1 KiB at
/// most an eighth of a block is waste.
/// </summary>
internal static class SizeClasses
{
    /// <summary>The longest rental that comes from a size class; longer ones come from the system.</summary>
    internal const int MaxLength = 4 << 20;

    /// <summary>The longest rental whose block a thread keeps for itself.</summary>
    internal const int MaxThreadLength = 32 << 10;

    /// <summary>The number of size classes.</summary>
    internal const int Count = LinearCount + ((MaxLog - LinearLog) * StepsPerDoubling);

    /// <summary>The number of those, from the smallest, whose blocks a thread keeps for itself.</summary>
    internal const int ThreadCount = LinearCount + ((MaxThreadLog - LinearLog) * StepsPerDoubling);

    private const int LinearStepLog = 6;
    private const int LinearLog = 10;
    private const int MaxLog = 22;
    private const int MaxThreadLog = 15;
    private const int StepLog = 3;
    private const int StepsPerDoubling = 1 << StepLog;
    private const int LinearCount = 1 << (LinearLog - LinearStepLog);

    /// <summary>The smallest size class for a length.</summary>
    /// <param name="length">From 1 to <see cref="MaxLength"/>; others get an index out of range.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint IndexOf(int length)
    {
        uint last = (uint)length - 1;
        if (last < 1 << LinearLog)
        {
            return last >> LinearStepLog;
        }

        // The bits below the highest one say which step of its doubling; the highest one itself counts as one doubling's steps.
        int log = BitOperations.Log2(last);
        return ((uint)(log - LinearLog - 1) << StepLog) + (last >> (log - StepLog)) + LinearCount;
    }

    /// <summary>The number of bytes of each block of a size class.</summary>
    /// <param name="index">From 0 to less than <see cref="Count"/>.</param>
    internal static int SizeOf(int index)
    {
        if (index < LinearCount)
        {
            return (index + 1) << LinearStepLog;
        }

        int steps = index - LinearCount;
        int log = LinearLog + (steps >> StepLog);
        return (1 << log) + (((steps & (StepsPerDoubling - 1)) + 1) << (log - StepLog));
    }
}
