namespace FastBuffers.Tests.Infrastructure;

/// <summary>The system's memory with a page size of choice, which counts what is mapped and can refuse. For one thread.</summary>
internal sealed class WatchedMemory(int pageSize) : SystemMemory
{
    private readonly Dictionary<nint, long> _mapped = [];

    internal WatchedMemory()
        : this(Current.PageSize)
    {
    }

    /// <summary>A page size for tests of the arithmetic: a multiple of the system's own.</summary>
    internal override int PageSize => pageSize;

    internal bool RefusesToMap { get; set; }

    internal bool RefusesToUnmap { get; set; }

    internal bool RefusesToDiscard { get; set; }

    /// <summary>What advising for huge pages is answered with, if they are wanted.</summary>
    internal bool HasHugePages { get; set; }

    internal long MappedBytes => _mapped.Values.Sum();

    internal int Mappings => _mapped.Count;

    internal List<(nint Address, long Bytes)> Discarded { get; } = [];

    internal override nint Map(long bytes, long alignment)
    {
        AssertPages(bytes);
        if (RefusesToMap)
        {
            throw PageErrors.Refused(bytes, alignment, "Refused by the test.");
        }

        nint address = Current.Map(bytes, alignment);
        _mapped.Add(address, bytes);
        return address;
    }

    internal override bool Unmap(nint address, long bytes)
    {
        Assert.True(_mapped.TryGetValue(address, out long length) && length == bytes, "A whole mapping is unmapped, once.");
        if (RefusesToUnmap)
        {
            return false;
        }

        Assert.True(Current.Unmap(address, bytes));
        return _mapped.Remove(address);
    }

    internal override bool Discard(nint address, long bytes)
    {
        AssertPages(address);
        AssertPages(bytes);
        if (RefusesToDiscard)
        {
            return false;
        }

        Discarded.Add((address, bytes));
        Current.Discard(address, bytes);
        return true;
    }

    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) => HasHugePages && wanted;

    internal override bool Protect(nint address, long bytes, PageAccess access) => Current.Protect(address, bytes, access);

    private void AssertPages(long number) => Assert.Equal(0, number % pageSize);
}
