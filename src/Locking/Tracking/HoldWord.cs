namespace FastBuffers.Locking;

/// <summary>
/// The layout of the one 64-bit word that decides about a domain's holds, and the pure functions over it.
/// </summary>
/// <remarks>
/// Bits, from the lowest: Exclusive, Embedded (2: none, Read, Write, Immutable), Frozen, Closed, Wide, Checked, OwnTicket, Retired,
/// Ranged; then
/// <list type="bullet">
/// <item>narrow: three counts (Read, Write, Immutable) of 6 bits and a version of 36 bits. One shared hold, and the scoped
/// Exclusive one, have their identity in the word itself: the version at which they were taken, raised when they leave.</item>
/// <item>wide: three counts of 18 bits and no version, so that every hold needs a ticket. A word becomes wide when a 64th shared
/// hold is taken or its version is used up, and stays so: a version that came back could make a released token valid again.</item>
/// </list>
/// Each count can hold the limit of their sum, so that converting a hold never overflows.
/// </remarks>
internal static class HoldWord
{
    /// <summary>Bits of each count while the word is narrow.</summary>
    internal const int NarrowCountBits = 6;

    /// <summary>Bits of each count once the word is wide.</summary>
    internal const int WideCountBits = 18;

    /// <summary>Bits of the version while the word is narrow.</summary>
    internal const int VersionBits = 36;

    internal const long Exclusive = 1L << 0;
    internal const long EmbeddedMask = 3L << EmbeddedShift;

    /// <summary>Exclusive for the owner of the domain, for a moment: beside Exclusive the Embedded field is otherwise clear.</summary>
    internal const long OwnerExclusive = Exclusive | (1L << EmbeddedShift);

    /// <summary>Only Read and Immutable, for the rest of the domain's life.</summary>
    internal const long Frozen = 1L << 3;

    /// <summary>Retired, and the last hold has ended: set by exactly one thread, which frees what the domain guards.</summary>
    internal const long Closed = 1L << 4;

    internal const long Wide = 1L << 5;

    /// <summary>Every take has to go through the slow path: not all kinds are supported, holds are traced, or the length is 0.</summary>
    internal const long Checked = 1L << 6;

    /// <summary>A shared hold has the domain's own ticket for its identity: saves the way to the cache, which costs 4 ns.</summary>
    internal const long OwnTicket = 1L << 7;

    /// <summary>
    /// New holds are refused. Not set in a narrow word while Exclusive is held: until then only Retiring beside it says so.
    /// </summary>
    internal const long Retired = 1L << 8;

    /// <summary>
    /// Parts may be held: a whole-domain hold is taken under the lock of the range table, after a look there. Never beside Exclusive.
    /// </summary>
    internal const long Ranged = 1L << 9;

    /// <summary>
    /// Set in the tokens of tickets, never in those that a word embeds: these have the version, the Embedded field and at most the
    /// lowest bit of a count.
    /// </summary>
    internal const long TicketTag = 1L << (CountShift + 1);

    internal const int CountShift = 10;
    internal const int VersionShift = CountShift + (3 * NarrowCountBits);
    internal const long VersionOne = 1L << VersionShift;
    internal const long VersionMask = ((1L << VersionBits) - 1) << VersionShift;

    /// <summary>Clear in every 1,024th version, and in the one at which the versions are used up.</summary>
    internal const long SampleMask = VersionMask & (1023L << VersionShift);

    /// <summary>What an embedded token must have in common with a narrow word to be alive.</summary>
    internal const long IdentityMask = VersionMask | EmbeddedMask | Wide;

    /// <summary>What the first holder adds to an idle narrow word.</summary>
    internal const long FirstRead = (1L << EmbeddedShift) | (1L << CountShift);

    /// <inheritdoc cref="FirstRead"/>
    internal const long FirstWrite = (2L << EmbeddedShift) | (1L << (CountShift + NarrowCountBits));

    /// <inheritdoc cref="FirstRead"/>
    internal const long FirstImmutable = (3L << EmbeddedShift) | (1L << (CountShift + (2 * NarrowCountBits)));

    /// <summary>What the first holder of a shared kind adds.</summary>
    internal static long First(HoldKind kind) =>
        kind == HoldKind.Read ? FirstRead : kind == HoldKind.Immutable ? FirstImmutable : FirstWrite;

    private const int EmbeddedShift = 1;
    private const long NarrowCounts = ((1L << (3 * NarrowCountBits)) - 1) << CountShift;
    private const long WideCounts = ((1L << (3 * WideCountBits)) - 1) << CountShift;

    // The fields of the word, narrow then wide, in which a hold that blocks a kind is counted: the conflict table, spread out.
    private static readonly long[] s_blocking = [.. BlockingMasks(0), .. BlockingMasks(Wide)];

    // What has to be clear for a kind to be taken without a closer look.
    private static readonly long[] s_special = [.. SpecialMasks()];

    // The two upper bits of each count: while all are clear, three counts are below three quarters of the limit.
    private static readonly long s_narrowUpperQuarters = UpperQuarters(0);
    private static readonly long s_wideUpperQuarters = UpperQuarters(Wide);

    /// <summary>The most holds that a domain can have.</summary>
    internal const int MaxHolds = (1 << WideCountBits) - 1;

    internal static bool IsWide(long word) => (word & Wide) != 0;

    internal static bool IsRanged(long word) => (word & Ranged) != 0;

    /// <summary>Whether Exclusive is the owner's own, and so nobody's hold.</summary>
    internal static bool IsOwners(long word) => (word & OwnerExclusive) == OwnerExclusive;

    internal static bool HasEmbedded(long word) => (word & EmbeddedMask) != 0;

    /// <summary>Whether a further shared hold can have its identity in the word.</summary>
    internal static bool CanEmbed(long word) => (word & (EmbeddedMask | Wide)) == 0 && !IsFull(word);

    /// <summary>Whether a kind can be taken without a closer look: a narrow word with no flags, no conflict, far from its limit.</summary>
    internal static bool IsSimple(long word, int index) => (word & s_special[index]) == 0;

    /// <summary>The same for a hold on a part, as far as the word decides: it is ranged and nothing else is special.</summary>
    internal static bool IsSimpleRanged(long word, int index) => (word & s_special[index]) == Ranged;

    /// <summary>The simple word with one more hold of a kind.</summary>
    internal static long AddSimple(long word, int index) =>
        index == ConflictTable.ExclusiveIndex ? word | Exclusive : word + (1L << (CountShift + (index * NarrowCountBits)));

    /// <summary>Whether a whole-domain hold of any kind is out.</summary>
    internal static bool HasHolds(long word) => (word & (Exclusive | (IsWide(word) ? WideCounts : NarrowCounts))) != 0;

    /// <summary>The number of holds of a shared kind.</summary>
    internal static int Count(long word, int index)
    {
        int bits = CountBits(word);
        return (int)(word >>> (CountShift + (index * bits))) & ((1 << bits) - 1);
    }

    /// <summary>The number of holds of all shared kinds.</summary>
    internal static int SharedCount(long word) => Count(word, 0) + Count(word, 1) + Count(word, 2);

    /// <summary>Whether another shared hold would exceed the limit of this form of the word.</summary>
    internal static bool IsFull(long word) =>
        (word & (IsWide(word) ? s_wideUpperQuarters : s_narrowUpperQuarters)) != 0 && SharedCount(word) >= (1 << CountBits(word)) - 1;

    /// <summary>The word of a new domain.</summary>
    internal static long Initial(bool isChecked) =>
        (IdentitySeed.Next() & (VersionMask >>> 1) & VersionMask) | (isChecked ? Checked : 0);

    /// <summary>The word with one more (or, negated, one less) hold of a shared kind has this added to it.</summary>
    internal static long One(long word, int index) => 1L << (CountShift + (index * CountBits(word)));

    /// <summary>Whether a kind is refused because of what is held.</summary>
    internal static bool Blocks(long word, int index) => (word & s_blocking[index + (IsWide(word) ? ConflictTable.KindCount : 0)]) != 0;

    /// <summary>The flag that says which kind the embedded holder has.</summary>
    internal static long Embedded(int index) => (long)(index + 1) << EmbeddedShift;

    /// <summary>The index of the kind in an embedded token, which is the word's version and Embedded field.</summary>
    internal static int EmbeddedIndex(long token) => (int)((token & EmbeddedMask) >> EmbeddedShift) - 1;

    /// <summary>The word after its version was used once, or its wide form when there is no further version.</summary>
    internal static long NextVersion(long word)
    {
        long version = (word + VersionOne) & VersionMask;
        return version != 0 ? (word & ~VersionMask) | version : Widen(word);
    }

    /// <summary>The wide form of a narrow word: the same holds and flags, room for many more, and no version.</summary>
    internal static long Widen(long word)
    {
        long wide = (word & ~(VersionMask | NarrowCounts)) | Wide;
        for (int index = 0; index < 3; index++)
        {
            wide += Count(word, index) * One(wide, index);
        }

        return wide;
    }

    /// <summary>Whether the release of an embedded hold is one to look at how the domain is used: every 1,024th.</summary>
    internal static bool IsSample(long token) => ((token + VersionOne) & SampleMask) == 0;

    private static IEnumerable<long> BlockingMasks(long form)
    {
        for (int index = 0; index < ConflictTable.KindCount; index++)
        {
            long mask = (ConflictTable.With(index) & HoldKind.Exclusive) != 0 ? Exclusive : 0;
            for (int other = 0; other < ConflictTable.ExclusiveIndex; other++)
            {
                mask |= (ConflictTable.With(index) & ConflictTable.Kind(other)) != 0 ? One(form, other) * ((1L << CountBits(form)) - 1) : 0;
            }

            yield return mask;
        }
    }

    private static IEnumerable<long> SpecialMasks()
    {
        int index = 0;
        foreach (long blocking in BlockingMasks(0))
        {
            bool survivesFreezing = ConflictTable.Kind(index) is HoldKind.Read or HoldKind.Immutable;
            yield return blocking | Checked | Retired | Ranged | Wide | UpperQuarters(0) | (survivesFreezing ? 0 : Frozen);
            index++;
        }
    }

    private static long UpperQuarters(long form)
    {
        long mask = 0;
        for (int index = 0; index < ConflictTable.ExclusiveIndex; index++)
        {
            mask |= One(form, index) * (3L << (CountBits(form) - 2));
        }

        return mask;
    }

    private static int CountBits(long word) => IsWide(word) ? WideCountBits : NarrowCountBits;
}
