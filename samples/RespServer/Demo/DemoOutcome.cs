namespace FastBuffers.Samples.Resp.Demo;

/// <summary>What was left when the demo was over: bytes and counts that ought to be 0.</summary>
/// <param name="Tally">The replies.</param>
/// <param name="Faults">Connections that ended by a bug of the server.</param>
/// <param name="Dropped">Clients that the server gave up or refused.</param>
/// <param name="Pool">The pool's figures after FLUSHALL and stop.</param>
/// <param name="Leaks">Holds, regions and rentals that the library found dropped without release.</param>
/// <param name="DoubleReleases">Second releases that the library saw.</param>
internal sealed record DemoOutcome(Tally Tally, long Faults, long Dropped, RegionPoolStatistics Pool, long Leaks, long DoubleReleases)
{
    public bool IsGood =>
        Tally.Total > 0 && Tally.MistakeCount == 0 && Faults == 0 && Dropped == 0 && Leaks == 0 && DoubleReleases == 0
        && Pool.RentedBytes == 0 && Pool.Rents == Pool.Returns;

    /// <summary>The summary, line by line.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (string mistake in Tally.Mistakes)
        {
            yield return "WRONG: " + mistake;
        }

        yield return $"{Tally.Total:N0} replies checked byte for byte, {Tally.MistakeCount:N0} wrong; {Tally.Bytes / 1e6:N0} MB of values.";
        yield return $"Pool: {Pool.Rents:N0} rents, {Pool.Misses:N0} of them misses, {Pool.Returns:N0} returns; "
            + $"at most {Pool.PeakRentedBytes / 1e6:N1} MB rented, {Pool.CachedBytes / 1e6:N1} MB cached now.";
        yield return $"Left behind: {Pool.RentedBytes:N0} bytes, {Leaks:N0} leaks, {DoubleReleases:N0} double releases, "
            + $"{Faults:N0} server faults, {Dropped:N0} clients dropped.";
        yield return IsGood ? "OK" : "FAILED";
    }
}
