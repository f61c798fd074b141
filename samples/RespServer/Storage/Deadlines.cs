namespace FastBuffers.Samples.Resp.Storage;

/// <summary>The keys that will expire, soonest first. Used under the keyspace's lock.</summary>
internal sealed class Deadlines
{
    private readonly SortedSet<(long At, byte[] Key)> _soonestFirst = new(Comparer<(long At, byte[] Key)>.Create(static (x, y) =>
    {
        int order = x.At.CompareTo(y.At);
        return order != 0 ? order : x.Key.AsSpan().SequenceCompareTo(y.Key);
    }));

    public int Count => _soonestFirst.Count;

    public void Add(byte[] key, long at) => _soonestFirst.Add((at, key));

    public void Remove(byte[] key, long at) => _soonestFirst.Remove((at, key));

    public void Clear() => _soonestFirst.Clear();

    /// <summary>A key whose time has come.</summary>
    public bool TryGetDue(long now, out byte[] key)
    {
        (long at, key) = _soonestFirst.Min;
        return key is not null && at <= now;
    }
}
