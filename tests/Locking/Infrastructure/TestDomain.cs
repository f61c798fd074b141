namespace FastBuffers.Locking.Tests.Infrastructure;

/// <summary>A domain of any support, traced or not, that counts how often it was closed.</summary>
internal sealed class TestDomain(long length, HoldCapabilities supported = ConflictTable.AllKinds, bool traced = false)
    : HoldDomain(length, supported, traced)
{
    private int _closed;

    internal int Closed => Volatile.Read(ref _closed);

    internal bool TryTake(HoldKind kind, out HoldToken token)
    {
        token = TakeToken(kind, conflictThrows: false);
        return !token.IsDefault;
    }

    internal HoldToken Take(HoldKind kind) => TakeToken(kind, conflictThrows: true);

    internal override string Describe() => $"TestDomain of {ByteLength} bytes";

    internal override void OnClosed() => Interlocked.Increment(ref _closed);
}
