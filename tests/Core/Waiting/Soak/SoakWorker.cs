namespace FastBuffers.Tests.Waiting.Soak;

/// <summary>
/// One who takes, waits, gives up, passes and replaces, in every way there is, and checks by the bytes what its holds promise. It waits for
/// nothing while it holds something. A synchronous one blocks where another one awaits, and never leaves its thread.
/// </summary>
internal sealed class SoakWorker(SoakRegions regions, LockManager manager, int seed, bool sync, Action<string> begin)
{
    private readonly Random _random = new(seed);

    /// <summary>How often each thing has happened.</summary>
    internal SortedDictionary<string, long> Tally { get; } = [];

    internal async ValueTask TurnAsync()
    {
        int slot = _random.Next(SoakRegions.Count);
        Region region = regions[slot];
        HoldKind kind = Kinds.All[_random.Next(4)];
        IBufferExporter source = region;
        try
        {
            // A slice of a region that is resized is dead, and its making throws when that is disposed.
            source = _random.Next(3) == 0 ? region : Slice(region, 0, SoakRegions.MinLength);
            int turn = _random.Next(100);
            if (turn == 0)
            {
                begin($"replaces region {slot}");
                regions.Replace(slot, region);
                Count("region replaced");
                return;
            }

            if (turn < 5)
            {
                begin($"resizes region {slot}");
                region.Resize(SoakRegions.MinLength * _random.Next(1, 4));
                Count("region resized");
                return;
            }

            if (turn < 25)
            {
                await TakeSeveralAsync();
                return;
            }
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            Count(exception.GetType().Name);
            return;
        }

        await TakeOneAsync(slot, source, kind);
    }

    private async ValueTask TakeOneAsync(int slot, IBufferExporter source, HoldKind kind)
    {
        int way = _random.Next(5);
        begin($"{(sync ? "blocks" : "awaits")}, way {way}: {kind} of {Describe(source)} of region {slot}");
        Lease lease;
        try
        {
            using var cancellation = new CancellationTokenSource();
            switch (way)
            {
                case 0:
                    lease = sync ? manager.Acquire(source, kind) : await manager.AcquireAsync(source, kind);
                    break;
                case 1:
                    var timeout = TimeSpan.FromMilliseconds(_random.Next(3));
                    lease = !sync ? await manager.AcquireAsync(source, kind, timeout)
                        : manager.TryAcquire(source, kind, timeout, out Lease inTime) ? inTime
                        : throw new TimeoutException();
                    break;
                case 2:
                    cancellation.CancelAfter(_random.Next(3));
                    lease = sync ? manager.Acquire(source, kind, cancellation.Token) : await manager.AcquireAsync(source, kind, cancellation.Token);
                    break;
                case 3 when !sync:
                    ValueTask<Lease> wait = manager.AcquireAsync(source, kind, cancellation.Token);
                    Thread.SpinWait(_random.Next(500));
                    cancellation.Cancel();
                    lease = await wait;
                    break;
                default:
                    if (!(source is Region region ? region.TryTake(kind, out lease) : ((RegionSlice)source).TryTake(kind, out lease)))
                    {
                        Count("refused");
                        return;
                    }

                    break;
            }
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            Count(exception.GetType().Name);
            return;
        }

        Count($"{kind} taken");
        begin($"holds {kind} of {Describe(source)} of region {slot}");
        await new SoakHold(regions, slot, _random, sync, Count).UseAsync(lease);
    }

    private async ValueTask TakeSeveralAsync()
    {
        // Of one region only what does not conflict with itself; the halves of another one.
        int slot = _random.Next(SoakRegions.Count);
        Region whole = regions[slot];
        Region parts = regions[(slot + 1) % SoakRegions.Count];
        HoldRequest[] requests =
        [
            new(whole, Kinds.All[_random.Next(4)]),
            new(Slice(parts, 0, SoakRegions.MinLength / 2), Kinds.All[_random.Next(4)]),
            new(Slice(parts, SoakRegions.MinLength / 2, SoakRegions.MinLength), Kinds.All[_random.Next(4)]),
        ];
        _random.Shuffle(requests);
        begin($"wants all of {string.Join(", ", requests.Select(static request => $"{request.Kind} of {Describe(request.Exporter)}"))}, slot {slot}");
        using var cancellation = new CancellationTokenSource();
        if (_random.Next(2) == 0)
        {
            cancellation.CancelAfter(_random.Next(3));
        }

        LeaseSet leases = sync ? manager.AcquireAll(requests, cancellation.Token) : await manager.AcquireAllAsync(requests, cancellation.Token);
        Count("several taken");
        begin($"holds several, slot {slot}");
        try
        {
            foreach (Lease lease in leases)
            {
                await SoakHold.CheckAsync(lease, _random, sync);
            }
        }
        finally
        {
            leases.Dispose();
        }
    }

    private RegionSlice Slice(Region region, int from, int to)
    {
        int start = _random.Next(from, to);
        return region.Slice(start, _random.Next(8) == 0 ? 0 : _random.Next(to - start) + 1);
    }

    private void Count(string what) => Tally[what] = Tally.GetValueOrDefault(what) + 1;

    private static bool IsExpected(Exception exception) =>
        exception is ObjectDisposedException or BufferException or TimeoutException or OperationCanceledException;

    private static string Describe(IBufferExporter source) => source is RegionSlice slice ? $"[{slice.Start};{slice.Start + slice.Length})" : "all";
}
