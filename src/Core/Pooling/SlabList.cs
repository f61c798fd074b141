namespace FastBuffers;

/// <summary>A list of slabs, linked through them. Guarded by the lock of the bin.</summary>
internal sealed class SlabList
{
    internal Slab? First { get; private set; }

    internal void Add(Slab slab)
    {
        slab.List = this;
        slab.Next = First;
        if (First is not null)
        {
            First.Previous = slab;
        }

        First = slab;
    }

    internal void Remove(Slab slab)
    {
        if (slab.Previous is { } previous)
        {
            previous.Next = slab.Next;
        }
        else
        {
            First = slab.Next;
        }

        if (slab.Next is { } next)
        {
            next.Previous = slab.Previous;
        }

        slab.List = null;
        slab.Previous = slab.Next = null;
    }
}
