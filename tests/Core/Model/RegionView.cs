namespace FastBuffers.Tests.Model;

/// <summary>A region or a slice of it, to take holds through.</summary>
internal sealed class RegionView(RegionUnderTest of, RegionSlice? slice, int start, int length)
{
    internal delegate void Body(ReadOnlySpan<byte> bytes);

    internal RegionUnderTest Of => of;

    internal int Start => start;

    /// <summary>The number of bytes: of a region those it has now, of a slice those it had.</summary>
    internal int Length => slice is null ? of.Model.Length : length;

    /// <summary>The number that the region's length had.</summary>
    internal int Size { get; init; } = of.Model.Size;

    internal bool IsSlice => slice is not null;

    internal RegionSlice Slice(int from, int count) => slice is { } parent ? parent.Slice(from, count) : of.Region.Slice(from, count);

    internal bool Take(HoldKind kind, bool throws, out Lease lease)
    {
        if (!throws)
        {
            return slice is { } tried ? tried.TryTake(kind, out lease) : of.Region.TryTake(kind, out lease);
        }

        lease = slice is { } part ? part.Take(kind) : of.Region.Take(kind);
        return true;
    }

    /// <summary>Runs the body while a scoped hold is active; false when none could be taken.</summary>
    internal bool While(HoldKind kind, bool throws, Body body)
    {
        Region region = of.Region;
        RegionSlice part = slice.GetValueOrDefault();
        bool taken = true;
        switch (kind)
        {
            case HoldKind.Read:
                ReadHold read = default;
                taken = throws || (IsSlice ? part.TryHoldRead(out read) : region.TryHoldRead(out read));
                using (ReadHold hold = !throws ? read : IsSlice ? part.HoldRead() : region.HoldRead())
                {
                    Run(body, taken, taken ? hold.Span : default);
                }

                break;
            case HoldKind.Write:
                WriteHold write = default;
                taken = throws || (IsSlice ? part.TryHoldWrite(out write) : region.TryHoldWrite(out write));
                using (WriteHold hold = !throws ? write : IsSlice ? part.HoldWrite() : region.HoldWrite())
                {
                    Run(body, taken, taken ? hold.Span : default);
                }

                break;
            case HoldKind.Immutable:
                ImmutableHold immutable = default;
                taken = throws || (IsSlice ? part.TryHoldImmutable(out immutable) : region.TryHoldImmutable(out immutable));
                using (ImmutableHold hold = !throws ? immutable : IsSlice ? part.HoldImmutable() : region.HoldImmutable())
                {
                    Run(body, taken, taken ? hold.Span : default);
                }

                break;
            default:
                ExclusiveHold exclusive = default;
                taken = throws || (IsSlice ? part.TryHoldExclusive(out exclusive) : region.TryHoldExclusive(out exclusive));
                using (ExclusiveHold hold = !throws ? exclusive : IsSlice ? part.HoldExclusive() : region.HoldExclusive())
                {
                    Run(body, taken, taken ? hold.Span : default);
                }

                break;
        }

        return taken;
    }

    public override string ToString() => IsSlice ? $"{of.Name}[{start}, {start + length})" : of.Name;

    private static void Run(Body body, bool taken, ReadOnlySpan<byte> bytes)
    {
        if (taken)
        {
            body(bytes);
        }
    }
}
