namespace FastBuffers.Tests.Waiting.Soak;

/// <summary>What a worker of a soak does with a lease that it has got: checks what its kind promises, changes it, checks again, ends it.</summary>
internal sealed class SoakHold(SoakRegions regions, int slot, Random random, bool sync, Action<string> count)
{
    internal async ValueTask UseAsync(Lease lease)
    {
        await CheckAsync(lease, random, sync);
        Lease[] leases = lease.Kind == HoldKind.Exclusive ? await ChangeExclusiveAsync(lease) : ChangeShared(lease);
        foreach (Lease changed in leases)
        {
            await CheckAsync(changed, random, sync);
            changed.Dispose();
        }
    }

    /// <summary>Exclusive bytes are what their holder wrote, Immutable ones stay as they are; Write may write anything, Read may read.</summary>
    internal static async ValueTask CheckAsync(Lease lease, Random random, bool sync)
    {
        byte stamp = (byte)random.Next(256);
        if (lease.Kind is HoldKind.Exclusive or HoldKind.Write)
        {
            lease.Span.Fill(stamp);
        }

        ulong before = Hash(lease);
        await PauseAsync(random, sync);
        if (lease.Kind == HoldKind.Exclusive)
        {
            Assert.False(lease.Span.ContainsAnyExcept(stamp), "Somebody wrote to what is held Exclusive.");
        }
        else if (lease.Kind == HoldKind.Immutable)
        {
            Assert.True(before == Hash(lease), "Somebody wrote to what is held Immutable.");
        }
    }

    private async ValueTask<Lease[]> ChangeExclusiveAsync(Lease lease)
    {
        bool whole = lease.Start == 0 && lease.Length == lease.Region.Length && lease.Length > 0;
        ulong before = Hash(lease);
        switch (random.Next(5))
        {
            case 0:
                // With no gap in which somebody could write.
                lease = lease.Downgrade(HoldKind.Immutable);
                Assert.True(before == Hash(lease), "Somebody wrote while Exclusive became Immutable.");
                count("downgraded");
                return [lease];
            case 1:
                lease = lease.Downgrade(random.Next(2) == 0 ? HoldKind.Read : HoldKind.Write);
                count("downgraded");
                return [lease];
            case 2 when lease.Length > 1:
                (Lease left, Lease right) = lease.Split(random.Next(1, lease.Length));
                count("split");
                await CheckAsync(right, random, sync);
                return random.Next(2) == 0 && Lease.TryJoin(left, right, out Lease joined) ? [joined] : [left, right];
            case 3 when whole && random.Next(4) == 0:
                return [Freeze(lease, before)];
            case 4 when whole:
                return [Resize(lease)];
            default:
                return [lease];
        }
    }

    private Lease Freeze(Lease lease, ulong before)
    {
        Region region = lease.Region;
        try
        {
            lease = lease.Freeze();
            count("frozen");
        }
        catch (Exception exception) when (exception is ObjectDisposedException or BufferException)
        {
            // It was replaced meanwhile, or a hold of no bytes is there.
            count("not frozen");
            return lease;
        }

        Assert.True(before == Hash(lease), "Somebody wrote while the region was frozen.");
        regions.Replace(slot, region);
        return lease;
    }

    private Lease Resize(Lease lease)
    {
        byte stamp = (byte)random.Next(256);
        lease.Span.Fill(stamp);
        int length = SoakRegions.MinLength * random.Next(1, 4);
        int kept = Math.Min(length, lease.Length);
        try
        {
            lease = lease.Resize(length);
            count("resized");
        }
        catch (Exception exception) when (exception is ObjectDisposedException or BufferException)
        {
            count("not resized");
        }

        Assert.False(lease.Span[..kept].ContainsAnyExcept(stamp), "A resize lost bytes.");
        return lease;
    }

    private Lease[] ChangeShared(Lease lease)
    {
        HoldKind kind = lease.Kind;
        if (random.Next(3) == 0)
        {
            // It outlives the lease that it was made from.
            Lease share = lease.Share(lease.Length / 4, lease.Length / 2, random.Next(2) == 0 ? HoldKind.Read : kind);
            lease.Dispose();
            count("shared");
            return [share];
        }

        HoldKind wanted = kind == HoldKind.Read ? Kinds.All[1 + random.Next(3)]
            : kind == HoldKind.Write && random.Next(2) == 0 ? HoldKind.Immutable
            : HoldKind.Exclusive;
        try
        {
            bool upgraded = lease.TryUpgrade(wanted, out Lease stronger);
            count(upgraded ? "upgraded" : "not upgraded");
            return [upgraded ? stronger : lease];
        }
        catch (Exception exception) when (exception is ObjectDisposedException or BufferException)
        {
            count("not upgraded");
            return [lease];
        }
    }

    private static ulong Hash(Lease lease)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in lease.ReadOnlySpan)
        {
            hash = (hash ^ value) * 1099511628211;
        }

        return hash;
    }

    private static async ValueTask PauseAsync(Random random, bool sync)
    {
        int way = random.Next(8);
        if (way == 0 && sync)
        {
            Thread.Yield();
        }
        else if (way == 0)
        {
            await Task.Yield();
        }
        else
        {
            Thread.SpinWait(random.Next(100));
        }
    }
}
