namespace FastBuffers.Locking;

// The appender's hold, which is in the range table, but in none of its ranges: see Frontier.
internal partial struct Tracker
{
    /// <summary>Lets an appender in, if no byte is held.</summary>
    internal TakeStatus TryBeginAppend(RangeTable ranges, Frontier frontier, int size, out long word)
    {
        TakeStatus status;
        long stamp = Unbias(ConflictTable.ExclusiveIndex);
        ranges.Enter();
        do
        {
            status = TryBecomeRanged(ConflictTable.ExclusiveIndex, out word);
            if (status == TakeStatus.Taken)
            {
                status = IsHeld(word, ranges) ? TakeStatus.Conflict
                    : !ranges.Domain.HasSize(size) ? TakeStatus.Released
                    : IsFull(word, ranges) ? TakeStatus.Full
                    : TakeStatus.Taken;
            }
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        if (status == TakeStatus.Taken)
        {
            ranges.BeginAppend(frontier);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Ends the appender.</summary>
    internal static void EndAppend(RangeTable ranges)
    {
        ranges.Enter();
        ranges.EndAppend();
        ranges.Exit();
    }
}
