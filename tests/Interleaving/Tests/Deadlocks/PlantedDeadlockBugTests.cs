using FastBuffers.Interleaving.Scenarios.Deadlocks;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Deadlocks;

/// <summary>Programs that pass on the detector of deadlocks, and fail when something of it is broken on purpose.</summary>
public sealed class PlantedDeadlockBugTests
{
    private const string Two = "1A 2B 1b? 2a!";
    private const string Three = "1A 2B 3C 1b? 2c? 3a!";
    private const string Upgrade = "1a 2a 1A! 2a- 1A!";
    private const string BehindAWaiter = "1a 2B 3C 2A? 3a? 1c!";
    private const string OfWhatWasWaitedFor = "1A 2B 1b? 2B- 1b+ 2a? 1A- 2a+ 2C 1c? 2B!";
    private const string AfterAGrant = "1A 2B 1b? 2B- 1b+ 1b- 2B 2a?";

    private static readonly string[] s_programs =
    [
        Two, Three, Upgrade, BehindAWaiter, OfWhatWasWaitedFor, AfterAGrant,
        "1A 2B 2a? 1A- 2a+ 1b?", "1a 2a 1b 2B?", "1A 2B 3C 1b? 2c? 2B- 1b+ 3a?", "1A 2B 1b? 2a! 2B- 1b+ 2a?",
    ];

    [Fact]
    public void The_true_sources_pass()
    {
        var variant = new Variant("TrueDeadlocks");
        foreach (string program in s_programs)
        {
            Assert.Null(DeadlockProgram.Run(program));
            Assert.Null(variant.Call<string?>(typeof(DeadlockProgram), nameof(DeadlockProgram.Run), program));
        }
    }

    [Theory]
    [InlineData("1A 2B 1b? 2a?", "2a?: does not wait: To wait for this would be to wait for ever")]
    [InlineData("1A 2b!", "2b!: is no deadlock: was granted")]
    [InlineData("1A 2a!", "2a!: is no deadlock: waits")]
    [InlineData("1A 2a", "2a: was not taken at once: waits")]
    [InlineData("1A 2a? 2a+", "2a+: was not granted: waits")]
    [InlineData("1A 2a? 1A-", "at the end: the wait 2a is over, which no step says")]
    public void A_program_that_says_what_is_not_so_fails(string program, string says) =>
        Assert.StartsWith(says, DeadlockProgram.Run(program), StringComparison.Ordinal);

    [Fact]
    public void Holds_that_are_left_out_are_caught() => Catch(
        [Two, Three, Upgrade, BehindAWaiter],
        "is no deadlock: waits",
        new Edit("WaitForGraph.Search.cs", "owned.Holds.Concat<IWaitReason>(owned.Waits)", "owned.Waits"));

    [Fact]
    public void Waiters_that_are_left_out_are_caught() => Catch(
        [BehindAWaiter],
        "1c!: is no deadlock: waits",
        new Edit("WaitForGraph.Search.cs", "owned.Holds.Concat<IWaitReason>(owned.Waits)", "owned.Holds"));

    [Fact]
    public void What_was_waited_for_and_is_not_recorded_is_caught() => Catch(
        [OfWhatWasWaitedFor],
        "2B!: is no deadlock: waits",
        new Edit("WaitForGraph.cs", "            Record(wait.Owner, waiter.Token);\n", string.Empty));

    [Fact]
    public void A_cycle_that_is_found_and_not_reported_is_caught() => Catch(
        [Two, Three, Upgrade, BehindAWaiter],
        "is no deadlock: waits",
        new Edit("WaitForGraph.cs", "                    wait.IsGivenUp = true;\n                    return failure;", "                    return null;"));

    [Fact]
    public void A_wait_that_was_granted_and_is_left_in_is_caught() => Catch(
        [AfterAGrant],
        "2a?: does not wait: To wait for this would be to wait for ever",
        new Edit("WaitForGraph.cs", "            wait.Owner.Waits.Remove(wait);\n", string.Empty),
        new Edit("WaitForGraph.cs", "                owned.Waits.Remove(wait);\n", string.Empty),
        new Edit("OwnedWait.cs", "WaitTable.PlaceOf(_waiter, Domain);", "Math.Max(1, WaitTable.PlaceOf(_waiter, Domain));"));

    // Each program fails at the step that the bug makes wrong, and passes on the true sources.
    private static void Catch(string[] programs, string says, params Edit[] edits)
    {
        var variant = new Variant("PlantedDeadlock", edits);
        foreach (string program in programs)
        {
            Assert.Null(DeadlockProgram.Run(program));
            string? failure = variant.Call<string?>(typeof(DeadlockProgram), nameof(DeadlockProgram.Run), program);
            Assert.Contains(says, failure ?? "nothing", StringComparison.Ordinal);
        }
    }
}
