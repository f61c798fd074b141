namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// Names of keys and channels are arrays, which the pool does not see. What they cost is set aside in it, in rentals that nobody writes
/// to, so that a million names and no values come to the limit too; less than one rental is not counted. Used under the keyspace's lock.
/// </summary>
internal sealed class NameReserve(ServerMemory memory)
{
    /// <summary>What a name costs beyond its bytes: the array, the dictionary entry, the value object. An estimate.</summary>
    public const int NameOverhead = 128;

    /// <summary>The bytes of each rental: a size class of the pool, so that none are wasted.</summary>
    public const int LotBytes = 16 * 1024;

    private readonly Stack<Lease> _lots = new();
    private long _charged;

    /// <summary>The bytes set aside.</summary>
    public long Bytes => (long)_lots.Count * LotBytes;

    /// <summary>How many rentals that takes.</summary>
    public int Rentals => _lots.Count;

    /// <summary>False when there is no room; then nothing has changed.</summary>
    public bool TryCharge(int length)
    {
        _charged += length + NameOverhead;
        while (_charged - Bytes >= LotBytes)
        {
            if (!memory.TryRent(LotBytes, out Lease lot))
            {
                Release(length);
                return false;
            }

            _lots.Push(lot);
        }

        return true;
    }

    public void Release(int length)
    {
        _charged -= length + NameOverhead;
        while (Bytes > _charged && _lots.TryPop(out Lease lot))
        {
            lot.Dispose();
        }
    }
}
