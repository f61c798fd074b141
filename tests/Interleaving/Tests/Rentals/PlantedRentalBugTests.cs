using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Rentals;
using FastBuffers.Interleaving.Tests.Tracker;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Rentals;

/// <summary>What is broken on purpose in the real source of rentals, or in the probe that stands for the pool, is caught.</summary>
public sealed class PlantedRentalBugTests
{
    private static readonly ExplorerOptions s_options = new() { OnlyPausesWait = true, MaxPreemptions = 2 };

    [Fact]
    public void A_right_that_is_taken_away_without_a_barrier_is_caught() => Catch(
        nameof(RentalSuite.OwnerAndCopy),
        new Edit("TicketOwner.cs", "        Interlocked.MemoryBarrierProcessWide();\n", ""));

    [Fact]
    public void An_owner_who_looks_before_it_says_that_it_is_inside_is_caught() => Catch(
        nameof(RentalSuite.OwnerAndCopy),
        new Edit(
            "TicketOwner.cs",
            """
                    Volatile.Write(ref _inside, 1);
                    return Volatile.Read(ref _shut) == 0;
            """,
            """
                    bool open = Volatile.Read(ref _shut) == 0;
                    Volatile.Write(ref _inside, 1);
                    return open;
            """));

    [Fact]
    public void A_right_that_is_taken_away_while_the_owner_is_inside_is_caught() => Catch(
        nameof(RentalSuite.OwnerAndCopy),
        new Edit("TicketOwner.cs", "while (!IsOutside)", "while (!IsOutside && number < 0)"));

    [Fact]
    public void A_number_that_is_taken_away_though_it_is_another_by_now_is_caught() => Catch(
        nameof(RentalSuite.OwnsAgain),
        new Edit(
            "TicketOwner.cs",
            """
                    Interlocked.CompareExchange(ref _key, NoKey, number);
                    if (Interlocked.CompareExchange(ref _number, 0, number) == number)
                    {
                        OnDisowned();
            """,
            """
                    if (Volatile.Read(ref _number) == number)
                    {
                        Volatile.Write(ref _key, NoKey);
                        Volatile.Write(ref _number, 0);
                        OnDisowned();
            """));

    [Fact]
    public void An_owner_who_does_not_look_for_its_number_is_caught() => Catch(
        nameof(RentalSuite.OwnerAndCopy),
        new Edit("Ticket.Owned.cs", "Volatile.Read(ref _ownership) != owner.Key || token <= 0 || Volatile.Read(ref _state) != token", "Volatile.Read(ref _state) != token"));

    [Fact]
    public void A_release_that_takes_nobodys_right_away_is_caught() => Catch(
        nameof(RentalSuite.OwnerAndCopy),
        new Edit(
            "Ticket.End.cs",
            """
                        if (IsDisownedNow())
                        {
                            continue;
                        }

                        if (_special)
            """,
            """
                        if (_special)
            """));

    [Fact]
    public void A_rental_with_the_generation_of_the_one_before_is_caught() => Catch(
        nameof(RentalSuite.StaleCopy),
        new Edit("Ticket.cs", "long token = NextToken(Volatile.Read(ref _state), index);", "long token = NextToken(Volatile.Read(ref _state), index) - (IsRental ? IdOne : 0);"));

    [Fact]
    public void A_rental_that_is_closed_under_a_hold_on_no_bytes_is_caught() => Catch(
        nameof(RentalSuite.NothingOfShown),
        new Edit("Tracker.Lifetime.cs", "(others & (Retiring | Rental)) == 0 || others >> EmptyShift != 0 || IsHeld", "(others & (Retiring | Rental)) == 0 || IsHeld"));

    [Fact]
    public void A_rental_that_is_closed_while_a_hold_on_no_bytes_comes_is_caught() => Catch(
        nameof(RentalSuite.NothingOfShown),
        new Edit("Tracker.Lifetime.cs", "if ((others & Retiring) == 0 &&", "if (others < 0 &&"));

    [Fact]
    public void A_rental_that_is_marked_without_a_fence_is_caught() => Catch(
        nameof(RentalSuite.Shown),
        new Edit(
            "Tracker.Rental.cs",
            "internal bool MarkEventful() => (Interlocked.Or(ref _others, Eventful) & Eventful) == 0;",
            """
            internal bool MarkEventful()
                {
                    Volatile.Write(ref _others, Volatile.Read(ref _others) | Eventful);
                    return true;
                }
            """));

    [Fact]
    public void A_block_that_its_owner_keeps_though_it_did_not_end_its_rental_is_caught() =>
        Exploring.Catch(RentalSuite.PutsWhatDidNotEnd(), s_options);

    [Fact]
    public void A_block_that_is_taken_from_its_owner_without_a_fence_is_caught() =>
        Exploring.Catch(RentalSuite.Trims(RentalBug.TrimsWithoutFence), s_options);

    [Fact]
    public void A_block_that_is_taken_from_an_owner_who_may_be_inside_is_caught() =>
        Exploring.Catch(RentalSuite.Trims(RentalBug.TrimsWithoutWaiting), s_options);

    private static void Catch(string suite, params Edit[] edits)
    {
        var variant = new Variant("Planted", edits);
        Exploring.Catch(variant.Call<IEnumerable<Scenario>>(typeof(RentalSuite), suite), s_options);
    }
}
