namespace FastBuffers.Pipelines;

/// <summary>A segment that several readers consume, each in its time; the last of them releases it.</summary>
/// <param name="lease">The bytes.</param>
/// <param name="users">The number of readers, and the writer.</param>
internal sealed class BroadcastSegment(Lease lease, int users) : PipeSegment(lease)
{
    private int _users = users;

    /// <summary>Another one uses it. For somebody who knows of a user that has not released it.</summary>
    internal void AddUser() => Interlocked.Increment(ref _users);

    internal override PipeSegment? Release(PinnedBytes? pinned)
    {
        PipeSegment? next = Next;
        return Interlocked.Decrement(ref _users) == 0 ? base.Release(pinned) : next;
    }
}
