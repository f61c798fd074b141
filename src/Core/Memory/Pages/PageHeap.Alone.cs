namespace FastBuffers;

// The runs that are mapped by themselves. Mapping and unmapping gigabytes takes long, and is done outside the lock.
internal sealed partial class PageHeap
{
    /// <summary>Runs that were given back and that the system did not take back.</summary>
    private readonly List<(nint Address, long Bytes)> _unwanted = [];

    private nint MapAlone(long bytes)
    {
        nint address = _memory.Map(bytes, HugePageBytes);
        try
        {
            _memory.AdviseHugePages(address, bytes, _hugePages);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _alone.Add(address, bytes);
                _mapped += bytes;
            }

            return address;
        }
        catch
        {
            _memory.Unmap(address, bytes);
            throw;
        }
    }

    private void UnmapAlone(nint address, long bytes)
    {
        lock (_lock)
        {
            if (!_alone.TryGetValue(address, out long length) || length != bytes)
            {
                throw PageErrors.NotOut(address, bytes);
            }

            _alone.Remove(address);
        }

        if (_memory.Unmap(address, bytes))
        {
            lock (_lock)
            {
                _mapped -= bytes;
            }

            return;
        }

        // Its memory at least.
        _memory.Discard(address, bytes);
        lock (_lock)
        {
            _unwanted.Add((address, bytes));
        }
    }

    private void UnmapUnwanted()
    {
        for (int i = _unwanted.Count - 1; i >= 0; i--)
        {
            (nint address, long bytes) = _unwanted[i];
            if (_memory.Unmap(address, bytes))
            {
                _unwanted.RemoveAt(i);
                _mapped -= bytes;
            }
        }
    }
}
