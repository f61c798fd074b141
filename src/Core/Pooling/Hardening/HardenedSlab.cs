namespace FastBuffers;

/// <summary>
/// The pages of one hardened rental: the bytes end at the guard behind the pages, as near as their alignment lets them, and a canary
/// fills what is left of the pages, before and behind. Read-only while the whole rental is held Immutable.
/// </summary>
/// <param name="blocks">Whose block it is.</param>
/// <param name="pages">The first page behind the front guard.</param>
/// <param name="bytes">The number of bytes from there to the guard behind.</param>
/// <param name="alignment">The alignment of the first byte, at most a page.</param>
/// <param name="length">The number of bytes of the rental.</param>
internal sealed unsafe class HardenedSlab(HardenedBlocks blocks, nint pages, long bytes, int alignment, int length)
    : Slab(blocks, FirstByte(pages + (nint)bytes, alignment, length), capacity: 1, bytes)
{
    private readonly Lock _lock = new();
    private readonly SystemMemory _memory = blocks.Pages.Memory;
    private nint _first = FirstByte(pages + (nint)bytes, alignment, length);
    private int _length = length;
    private bool _isReadOnly;

    /// <summary>The first page behind the front guard, as it was mapped.</summary>
    internal nint Pages => pages;

    /// <summary>The number of bytes of the rental.</summary>
    internal int Length => _length;

    // The pages that are accessible: all, unless the rental was made shorter.
    private nint FirstPage => _first & -(nint)_memory.PageSize;

    private nint End => pages + (nint)BlockSize;

    private Span<byte> Front => new((void*)FirstPage, (int)(_first - FirstPage));

    private Span<byte> Back => new((void*)(_first + _length), (int)(End - _first - _length));

    /// <summary>Writes the canary.</summary>
    internal void Seal()
    {
        Canary.Fill(Front);
        Canary.Fill(Back);
    }

    /// <summary>Where the canary was damaged, or null.</summary>
    internal string? FindDamage() =>
        !Canary.IsIntact(Back) ? "behind its last byte"
        : !Canary.IsIntact(Front) ? "before its first byte"
        : null;

    /// <summary>
    /// A hold was taken, and nobody has it yet. While it lasts nobody takes another that asks for the opposite, so that what is done here
    /// is not undone before it ends.
    /// </summary>
    internal void OnTaken(int index, bool isWhole)
    {
        HoldKind kind = ConflictTable.Kind(index);
        if (kind is HoldKind.Write or HoldKind.Exclusive)
        {
            MakeWritable();
        }
        else if (kind == HoldKind.Immutable && isWhole)
        {
            Protect(readOnly: true);
        }
    }

    /// <summary>Lets the bytes be written. For one who has them alone, or a hold that permits writing.</summary>
    internal void MakeWritable() => Protect(readOnly: false);

    internal override bool HasRoomFor(int newLength) => newLength <= _length;

    // Moves the bytes to the guard behind; the pages that are left over in front belong to the guard there from here on.
    internal override nint Shorten(int newLength)
    {
        nint first = FirstByte(End, alignment, newLength);
        nint firstPage = FirstPage;
        Buffer.MemoryCopy((void*)_first, (void*)first, newLength, newLength);
        (_first, _length) = (first, newLength);
        if (FirstPage > firstPage)
        {
            _memory.Discard(firstPage, FirstPage - firstPage);
            _memory.Protect(firstPage, FirstPage - firstPage, PageAccess.None);
        }

        Seal();
        return first;
    }

    private static nint FirstByte(nint end, int alignment, int length) => end - (nint)((length + (long)alignment - 1) & -(long)alignment);

    // Under the lock, so that of two writers the second does not go on before the first is done.
    private void Protect(bool readOnly)
    {
        lock (_lock)
        {
            if (_isReadOnly != readOnly && End > FirstPage)
            {
                // Where the system refuses, immutability is not enforced; back it cannot refuse, because no entry is added.
                _memory.Protect(FirstPage, End - FirstPage, readOnly ? PageAccess.Read : PageAccess.ReadWrite);
                _isReadOnly = readOnly;
            }
        }
    }
}
