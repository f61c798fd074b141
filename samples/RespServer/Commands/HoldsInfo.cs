using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>
/// INFO's section on holds: what the trackers of the large values say now, what has happened so far, and the values that are held most,
/// or are largest, in a line each. Old versions that are still being sent have no key, and count as regions and pins only.
/// </summary>
internal static class HoldsInfo
{
    private const int MaxValues = 8;

    public static IEnumerable<(string Name, object Value)> Describe(RespServer server)
    {
        List<HeldValue> values = [.. server.Keyspace.LargeValues.Select(static pair => new HeldValue(pair.Key, pair.Value))];
        StorageCounters counters = server.StorageCounters;
        yield return ("regions", server.Memory.Regions);
        yield return ("large_values", values.Count);
        yield return ("read_now", values.Sum(static value => value.Count(HoldKind.Read)));
        yield return ("immutable_now", values.Sum(static value => value.Count(HoldKind.Immutable)));
        yield return ("exclusive_now", values.Sum(static value => value.Count(HoldKind.Exclusive)));
        yield return ("ranged_now", values.Sum(static value => value.Snapshot.RangedHolds));
        yield return ("live_pins", counters.LivePins);
        yield return ("read_holds", counters.ReadHolds);
        yield return ("exclusive_holds", counters.ExclusiveHolds);
        yield return ("immutable_leases", counters.ImmutableLeases);
        yield return ("writes_in_place", counters.WritesInPlace);
        yield return ("conflicts_copied", counters.ConflictsCopied);
        yield return ("commands_waited", counters.CommandsWaited);
        yield return ("writes_waited", counters.WritesWaited);
        yield return ("versions_outlived", counters.VersionsOutlived);
        yield return ("refused_by_memory", server.Memory.Refused);

        IEnumerable<HeldValue> mostHeld =
            values.OrderByDescending(static value => value.Snapshot.Total).ThenByDescending(static value => value.Length).Take(MaxValues);
        int line = 0;
        foreach (HeldValue value in mostHeld)
        {
            yield return ($"value{line++}", value);
        }
    }
}
