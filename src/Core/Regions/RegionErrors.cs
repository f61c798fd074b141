using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>The exceptions of this assembly, out of line, with messages that name the value and the rule.</summary>
internal static class RegionErrors
{
    internal static void CheckLength(int length, [CallerArgumentExpression(nameof(length))] string? name = null)
    {
        if (length < 0 || length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                name, length, $"The length of a region is from 0 to {Array.MaxLength} bytes (Array.MaxLength).");
        }
    }

    internal static void CheckDeclared(HoldCapabilities declared)
    {
        if ((declared & ~(ConflictTable.AllKinds | HoldCapabilities.Declared)) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(declared), declared, "Capabilities are Read, Write, Immutable, Exclusive and Declared, in any combination.");
        }
    }

    internal static BufferException Contradicted(string wrapped, Region region, HoldCapabilities asserted) =>
        new($"This {wrapped} has been wrapped before with {region.Capabilities}; asserting {asserted} now contradicts that.");

    internal static BufferException PoolsArray() =>
        new("This array is a pool's, and the rental that it was got from is over: it has no region until it is got from another rental.");

    internal static BufferException NotResizable(Region region) => region.Snapshot().IsFrozen
        ? new($"Resize of {region.Describe()} refused: it is frozen.")
        : new($"Resize of {region.Describe()} refused: its memory was wrapped, not allocated here.");

    internal static BufferException NotWritable(HoldKind kind) =>
        new($"A {kind} hold does not permit writing: use ReadOnlySpan or ReadOnlyMemory, or take Write or Exclusive.");

    internal static BufferException NotExclusive(string operation, Lease lease) =>
        new($"{operation} needs an Exclusive lease of the whole region, not: {lease}.");

    internal static ObjectDisposedException NoSlice() => new("slice", "A default slice is a part of no region.");

    internal static ArgumentOutOfRangeException PublishOutside(int count, long window) =>
        new(nameof(count), count, $"From 0 to {window} bytes can be published: the length of the window.");

    internal static BufferException PublishedElsewhere() =>
        new("Another thread is publishing through a copy of this append lease: nothing was published by this call.");

    internal static ObjectDisposedException WindowEnded() =>
        new("window", "The window has ended: bytes of it were published, or the append lease was sealed.");

    internal static ArgumentOutOfRangeException PinOutside(int elementIndex, long length) =>
        new(nameof(elementIndex), elementIndex, $"The first byte to pin is from 0 to the length, {length}.");
}
