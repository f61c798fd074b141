using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace FastBuffers;

/// <summary>The regions over memory-mapped views, each of which keeps its view mapped until it is freed.</summary>
internal static unsafe class MappedRegions
{
    /// <summary>The view's living region, or a new one.</summary>
    internal static Region GetOrAdd(MemoryMappedViewAccessor view, HoldCapabilities declared)
    {
        SafeMemoryMappedViewHandle handle = view.SafeMemoryMappedViewHandle;
        ObjectDisposedException.ThrowIf(handle.IsClosed, view);
        HoldCapabilities permitted = Permitted(view, declared);
        Region region = ArrayRegions.GetOrAddOwned(handle, () => Create(view, permitted));
        return (declared & ConflictTable.AllKinds) == HoldCapabilities.Unknown
            || ((region.Capabilities ^ permitted) & ConflictTable.AllKinds) == HoldCapabilities.Unknown
            ? region
            : throw RegionErrors.Contradicted("view", region, permitted);
    }

    // What was declared, without what would fault.
    private static HoldCapabilities Permitted(MemoryMappedViewAccessor view, HoldCapabilities declared)
    {
        HoldCapabilities access = (view.CanRead, view.CanWrite) switch
        {
            (true, true) => ConflictTable.AllKinds,
            (true, false) => HoldCapabilities.Read | HoldCapabilities.Immutable,
            _ => HoldCapabilities.Write,
        };
        if ((declared & ConflictTable.AllKinds) == HoldCapabilities.Unknown)
        {
            return access == ConflictTable.AllKinds ? declared : access & (HoldCapabilities.Read | HoldCapabilities.Write);
        }

        return (declared & access) != 0
            ? declared & (access | HoldCapabilities.Declared)
            : throw new ArgumentException(
                $"The view permits {access}, which is nothing of what was declared: {declared}.", nameof(declared));
    }

    private static Region Create(MemoryMappedViewAccessor view, HoldCapabilities permitted)
    {
        if (view.Capacity > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(view), view.Capacity, $"The length of a region is at most {Array.MaxLength} bytes (Array.MaxLength).");
        }

        SafeMemoryMappedViewHandle handle = view.SafeMemoryMappedViewHandle;
        byte* mapping = null;
        handle.AcquirePointer(ref mapping);
        try
        {
            // A mapping begins on a page, the view on any byte of it.
            return Region.Wrap(mapping + view.PointerOffset, (int)view.Capacity, permitted, handle.ReleasePointer);
        }
        catch
        {
            handle.ReleasePointer();
            throw;
        }
    }
}
