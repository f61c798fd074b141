namespace FastBuffers.Pipelines;

/// <summary>A writer, for the memory that it hands out.</summary>
internal interface IUnpublished
{
    /// <summary>What has not been published of the segment that is written.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    Span<byte> Unpublished { get; }

    /// <summary>Pins a byte of <see cref="Unpublished"/>.</summary>
    MemoryHandle PinUnpublished(int index);
}
