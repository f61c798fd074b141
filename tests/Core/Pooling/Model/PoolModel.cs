namespace FastBuffers.Tests.Pooling.Model;

/// <summary>What docs/pool.md says about a pool, as plainly as it can be said: a list of rentals and a queue, and some figures.</summary>
internal sealed class PoolModel(PoolCase options)
{
    private readonly List<ModelRental> _rentals = [];

    /// <summary>Those who wait, in the order in which they came.</summary>
    internal List<PoolWait> Queue { get; } = [];

    internal CleanRanges Clean { get; } = new();

    internal IReadOnlyList<ModelRental> Rentals => _rentals;

    internal bool IsDisposed { get; private set; }

    internal long RentedBytes { get; private set; }

    /// <summary>The most that was rented between two steps, and at all.</summary>
    internal (long Least, long Most) Peak { get; private set; }

    internal long Rents { get; private set; }

    internal long Returns { get; private set; }

    internal long DoubleReturns { get; set; }

    internal long Waits { get; private set; }

    /// <summary>The number of bytes that a rental is charged for.</summary>
    internal long BlockOf(int length) => BlockSizes.Of(length, options);

    /// <summary>What a rent says: what is cached never stands in its way.</summary>
    internal Answer Rent(int length) => IsDisposed ? Answer.Dead : Fits(length) ? Answer.Ok : Answer.Refused;

    /// <summary>A rental that begins, and the hold that is its ownership.</summary>
    internal ModelRental Begin(int length, bool sensitive, out ModelHold hold)
    {
        var rental = new ModelRental(length, BlockOf(length), sensitive || options.Clear == PoolClearing.OnReturn);
        rental.Holds.Take(HoldKind.Exclusive, out ModelHold? made);
        hold = made!;
        if (rental.IsPooled)
        {
            Rents++;
            Charge(rental.Block);
        }
        else
        {
            // It takes no further holds.
            rental.Holds.Retire();
        }

        _rentals.Add(rental);
        return rental;
    }

    /// <summary>Begins and ends as many rentals as there is memory for.</summary>
    /// <returns>How many.</returns>
    internal long Churn(int length, long wanted)
    {
        long block = BlockOf(length);
        long count = IsDisposed ? 0 : block == 0 ? wanted : Math.Min(wanted, (options.MaxBytes - RentedBytes) / block);
        if (block != 0)
        {
            Rents += count;
            Returns += count;
            NotePeak(RentedBytes + (count * block));
        }

        return count;
    }

    /// <summary>Ends those that nobody holds any more.</summary>
    internal void EndIdle()
    {
        foreach (ModelRental rental in _rentals.Where(static rental => rental.Holds.Active.Count == 0))
        {
            rental.Holds.Retire();
            if (rental.IsPooled)
            {
                Returns++;
                RentedBytes -= rental.Block;
                Leave(rental);
            }
        }

        _rentals.RemoveAll(static rental => rental.HasEnded);
    }

    /// <summary>What RentAsync says; Refused when it waits.</summary>
    internal Answer RentAsync(int length)
    {
        Answer answer = Queue.Count == 0 || IsDisposed ? Rent(length) : Answer.Refused;
        Waits += answer == Answer.Refused ? 1 : 0;
        return answer;
    }

    internal bool CanEverRent(int length) => BlockOf(length) <= options.MaxBytes;

    /// <summary>The first one who waits, if there is memory for it; it waits no longer.</summary>
    internal PoolWait? Serve()
    {
        PoolWait? first = Queue.Count > 0 && Fits(Queue[0].Length) ? Queue[0] : null;
        Queue.Remove(first!);
        return first;
    }

    /// <summary>Resizes in place if the block is long enough, else in another one, which must be had first.</summary>
    internal Answer Resize(ModelRental rental, ModelHold hold, int newLength, out ModelHold? made)
    {
        bool moves = rental.IsPooled && newLength > rental.Block;
        made = null;
        if (moves && rental.Holds.AskResizeThrough(hold, newLength) == Answer.Ok && Rent(newLength) is not Answer.Ok and var answer)
        {
            return answer;
        }

        answer = rental.Holds.ResizeThrough(hold, newLength, out made);
        if (answer == Answer.Ok)
        {
            int kept = Math.Min(rental.Bytes.Length, newLength);
            byte[] bytes = new byte[newLength];
            rental.Bytes.AsSpan(0, kept).CopyTo(bytes);
            rental.Bytes = bytes;
            if (moves)
            {
                Move(rental, newLength);
            }
            else
            {
                rental.Extent = Math.Max(rental.Extent, newLength);
            }
        }

        return answer;
    }

    internal void Dispose()
    {
        IsDisposed = true;
        Queue.Clear();
    }

    /// <summary>Between two steps, somebody may look at what is rented.</summary>
    internal void EndStep() => Peak = (Math.Max(Peak.Least, RentedBytes), Peak.Most);

    private bool Fits(int length) => RentedBytes + BlockOf(length) <= options.MaxBytes;

    // A rental of its own gets the old block, and ends.
    private void Move(ModelRental rental, int newLength)
    {
        long block = BlockOf(newLength);
        Charge(block);
        RentedBytes -= rental.Block;
        Rents++;
        Returns++;
        Leave(rental);
        rental.Extent = newLength;
        rental.Block = block;
    }

    private void Charge(long bytes)
    {
        RentedBytes += bytes;
        NotePeak(RentedBytes);
    }

    private void NotePeak(long bytes) => Peak = (Peak.Least, Math.Max(Peak.Most, bytes));

    // An array that was given back is the garbage collector's, for anybody's bytes.
    private void Leave(ModelRental rental)
    {
        if (rental.Clears && options.Backing == PoolBacking.Native)
        {
            Clean.Add(rental.Address, rental.Extent);
        }
    }
}
