using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>Room for the blocks that a thread takes from a bin at a time.</summary>
[InlineArray(MaxLength)]
internal struct BlockBatch
{
    private const int MaxLength = 32;
    private const int MaxBytes = 64 << 10;

    private Ticket? _first;

    /// <summary>How many blocks of a size to take at a time.</summary>
    /// <param name="blockSize">From 64 bytes to <see cref="SizeClasses.MaxThreadLength"/>.</param>
    internal static int LengthOf(int blockSize) => Math.Min(MaxLength, MaxBytes / blockSize);
}
