using FastBuffers.Locking;

namespace FastBuffers.Pipelines;

/// <summary>Pipe readers of bytes that are there already.</summary>
public static class RegionPipelines
{
    /// <summary>A reader of a retained sequence, which it owns from the call on: completing the reader disposes it.</summary>
    /// <param name="sequence">The bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sequence"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The sequence has been disposed.</exception>
    public static PipeReader CreateReader(RetainedSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        return new RetainedReader(sequence);
    }

    /// <summary>A reader of a lease, which it owns from the call on, also if this throws: completing the reader disposes it.</summary>
    /// <param name="immutable">An Immutable lease, of a whole region or of a part.</param>
    /// <exception cref="ArgumentException">The lease is not Immutable.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public static PipeReader CreateReader(Lease immutable) => CreateReader(RetainedSequence.Create(immutable));

    /// <summary>A reader of a whole region, under an Immutable hold until the reader is completed.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="ArgumentNullException"><paramref name="region"/> is null.</exception>
    /// <exception cref="BufferConflictException">Somebody writes to the region.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    public static PipeReader CreateReader(Region region)
    {
        ArgumentNullException.ThrowIfNull(region);
        return CreateReader(region.Take(HoldKind.Immutable));
    }

    /// <summary>A reader of a part of a region, under an Immutable hold of that part until the reader is completed.</summary>
    /// <param name="slice">The part.</param>
    /// <exception cref="BufferConflictException">Somebody writes to the part.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    public static PipeReader CreateReader(RegionSlice slice) => CreateReader(slice.Take(HoldKind.Immutable));
}
