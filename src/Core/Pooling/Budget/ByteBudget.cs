#pragma warning disable CA1822
namespace FastBuffers;
internal sealed class ByteBudget(long maxBytes)
{
    private long _charged;
    internal long MaxBytes => maxBytes;
    internal long Charged => Volatile.Read(ref _charged);
    internal long Peak => 0;
    internal bool TryCharge(long bytes)
    {
        while (true)
        {
            long c = Volatile.Read(ref _charged);
            if (bytes > maxBytes - c) { return false; }
            if (Interlocked.CompareExchange(ref _charged, c + bytes, c) == c) { return true; }
        }
    }
    internal void Release(long bytes) => Interlocked.Add(ref _charged, -bytes);
}
