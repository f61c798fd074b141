namespace FastBuffers.Locking;

// Room for several ranges at once.
internal sealed partial class RangeTable
{
    /// <summary>
    /// Makes room for the parts among some holds, so that all of them can be added one after the other. False when something has to be
    /// allocated for that first, outside the lock, then brought in by <see cref="Supply"/>; and then ask again.
    /// </summary>
    internal bool TryReserve(ReadOnlySpan<HoldExtent> extents, out RangeRoom missing)
    {
        bool again = true;
        while (again)
        {
            // Room that is made for one may be taken from another: chunks that are split get smaller ones.
            again = false;
            foreach (ref readonly HoldExtent extent in extents)
            {
                if (extent.Form != HoldForm.Part)
                {
                    continue;
                }

                missing = Missing(extent.Start, extents.Length, extents.Length);
                if (!missing.IsNone)
                {
                    return false;
                }

                int index = Find(extent.Start);
                if (!_chunks[index].HasRoom(extents.Length))
                {
                    MakeRoom(index);
                    again = true;
                }
            }
        }

        missing = default;
        return true;
    }
}
