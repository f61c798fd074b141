using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>A process that breaks the rules. It is this program, told so by its environment, and never gets to the tests.</summary>
internal static unsafe class Victim
{
    internal const string Variable = "FASTBUFFERS_TESTS_DEED";

    /// <summary>A length whose end is a page's, and one that has room for a canary before and behind.</summary>
    private const int Full = 4096;
    private const int Odd = 1000;

    [ModuleInitializer]
    internal static void Run()
    {
        if (Enum.TryParse(Environment.GetEnvironmentVariable(Variable), out VictimDeed deed))
        {
            using (var pool = new RegionPool(new RegionPoolOptions { Name = "victim", HardenEvery = 1 }))
            {
                Do(deed, pool);
            }

            Environment.Exit(0);
        }
    }

    private static void Do(VictimDeed deed, RegionPool pool)
    {
        int page = Environment.SystemPageSize;
        Lease lease = pool.Rent(deed.ToString().Contains("Canary", StringComparison.Ordinal) ? Odd : Full * (page / Full));
        byte* first = AddressOf(lease);
        int length = lease.Length;
        switch (deed)
        {
            case VictimDeed.Nothing:
                Behave(pool, lease);
                return;
            case VictimDeed.WritesPastTheEnd:
                first[length] = 1;
                break;
            case VictimDeed.ReadsPastTheEnd:
                Console.WriteLine(first[length]);
                break;
            case VictimDeed.WritesBeforeThePages:
                *(first - 1) = 1;
                break;
            case VictimDeed.WritesAfterReturn:
                lease.Dispose();
                *first = 1;
                break;
            case VictimDeed.ReadsAfterReturn:
                lease.Dispose();
                Console.WriteLine(*first);
                break;
            case VictimDeed.WritesUnderADowngradedHold:
                lease = lease.Downgrade(HoldKind.Immutable);
                *first = 1;
                break;
            case VictimDeed.WritesUnderAFrozenRental:
                lease = lease.Freeze();
                *first = 1;
                break;
            case VictimDeed.WritesUnderASharedHold:
                lease = lease.Downgrade(HoldKind.Immutable);
                Lease share = lease.Share();
                lease.Dispose();
                *first = 1;
                share.Dispose();
                break;
            case VictimDeed.WritesUnderAHoldOfTheRegion:
                lease = lease.Downgrade(HoldKind.Read);
                using (lease.Region.HoldImmutable())
                {
                    *first = 1;
                }

                break;
            case VictimDeed.WritesUnderALateralUpgrade:
                lease = lease.Downgrade(HoldKind.Write);
                *first = 1;
                lease.TryUpgrade(HoldKind.Immutable, out lease);
                *first = 2;
                break;
            case VictimDeed.DamagesTheCanaryBehind:
                first[length] ^= 1;
                break;
            case VictimDeed.DamagesTheCanaryBefore:
                *(first - 1) ^= 1;
                break;
            case VictimDeed.DamagesTheCanaryOfAShortenedRental:
                lease = lease.Resize(length - 700);
                AddressOf(lease)[length - 700] ^= 1;
                break;
            case VictimDeed.WritesBeforeAShortenedRental:
                lease = lease.Resize(64);
                *(AddressOf(lease) - page) = 1;
                break;
        }

        lease.Dispose();
    }

    /// <summary>All that is allowed, and is near to what is not.</summary>
    private static void Behave(RegionPool pool, Lease lease)
    {
        foreach (Lease rented in (Lease[])[lease, pool.Rent(1), pool.Rent(Odd), pool.Rent(5 << 20)])
        {
            Lease mine = rented;
            mine.Span[0] = 1;
            mine.Span[^1] = 2;
            mine = mine.Downgrade(HoldKind.Immutable);
            Lease share = mine.Share();
            Console.WriteLine(share.ReadOnlySpan[^1]);
            share.Dispose();
            mine.TryUpgrade(HoldKind.Exclusive, out mine);
            mine.Span.Fill(3);
            mine.Dispose();
        }
    }

    private static byte* AddressOf(Lease lease) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(lease.ReadOnlySpan));
}
