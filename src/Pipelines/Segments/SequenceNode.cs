namespace FastBuffers.Pipelines;

/// <summary>A part of a sequence of several. Made for the sequences that need it, and for no others.</summary>
internal sealed class SequenceNode : ReadOnlySequenceSegment<byte>
{
    /// <summary>The first part.</summary>
    /// <param name="memory">Its bytes.</param>
    /// <param name="start">The position of the first one, in whatever it is counted.</param>
    internal SequenceNode(ReadOnlyMemory<byte> memory, long start)
    {
        Memory = memory;
        RunningIndex = start;
    }

    /// <summary>Adds the next part, and returns it.</summary>
    internal SequenceNode Append(ReadOnlyMemory<byte> memory)
    {
        SequenceNode next = new(memory, RunningIndex + Memory.Length);
        Next = next;
        return next;
    }
}
