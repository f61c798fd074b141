namespace FastBuffers.Samples.Resp.Demo;

/// <summary>What was left when the demo was over. Bytes and counts; all but the tally's operations ought to be 0.</summary>
/// <param name="Tally">The replies.</param>
/// <param name="Faults">Connections that ended by a bug of the server.</param>
/// <param name="Dropped">Clients that the server gave up or refused.</param>
/// <param name="MemoryLeft">Bytes still charged after FLUSHALL and stop.</param>
/// <param name="Leaks">Holds and regions that the library found dropped without release.</param>
/// <param name="DoubleReleases">Second releases that the library saw.</param>
internal sealed record DemoOutcome(Tally Tally, long Faults, long Dropped, long MemoryLeft, long Leaks, long DoubleReleases)
{
    public bool IsGood =>
        Tally.Total > 0 && Tally.MistakeCount == 0 && Faults == 0 && Dropped == 0 && MemoryLeft == 0 && Leaks == 0 && DoubleReleases == 0;

    /// <summary>The summary, line by line.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (string mistake in Tally.Mistakes)
        {
            yield return "WRONG: " + mistake;
        }

        yield return $"{Tally.Total:N0} replies checked byte for byte, {Tally.MistakeCount:N0} wrong; {Tally.Bytes / 1e6:N0} MB of values.";
        yield return $"Left behind: {MemoryLeft:N0} bytes, {Leaks:N0} leaks, {DoubleReleases:N0} double releases, "
            + $"{Faults:N0} server faults, {Dropped:N0} clients dropped.";
        yield return IsGood ? "OK" : "FAILED";
    }
}
