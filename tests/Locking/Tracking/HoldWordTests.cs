using CsCheck;

namespace FastBuffers.Locking.Tests.Tracking;

public sealed class HoldWordTests
{
    private const long Flags = HoldWord.Frozen | HoldWord.Closed | HoldWord.Checked | HoldWord.OwnTicket | HoldWord.Retired;

    public static TheoryData<bool, int> FormsAndFields => [.. new[] { false, true }.SelectMany(static wide => Enumerable.Range(0, 3).Select(i => (wide, i)))];

    [Fact]
    public void The_fields_fill_the_word_and_do_not_overlap()
    {
        Assert.Equal(64, HoldWord.VersionShift + HoldWord.VersionBits);
        Assert.Equal(64, HoldWord.CountShift + (3 * HoldWord.WideCountBits));
        Assert.Equal(HoldWord.VersionShift, HoldWord.CountShift + (3 * HoldWord.NarrowCountBits));
        long[] flags = [HoldWord.Exclusive, HoldWord.EmbeddedMask, HoldWord.Frozen, HoldWord.Closed, HoldWord.Wide, HoldWord.Checked, HoldWord.OwnTicket, HoldWord.Retired];
        Assert.Equal(flags.Sum(), flags.Aggregate(static (a, b) => a | b));
        Assert.InRange(flags.Sum(), 1, (1L << HoldWord.CountShift) - 1);
        Assert.True(HoldWord.VersionBits >= 36);
        Assert.Equal(262_143, HoldWord.MaxHolds);
    }

    [Theory]
    [MemberData(nameof(FormsAndFields))]
    public void Each_count_reads_back_at_0_1_and_its_maximum_beside_full_neighbours(bool wide, int field)
    {
        int max = wide ? HoldWord.MaxHolds : (1 << HoldWord.NarrowCountBits) - 1;
        foreach (int neighbours in new[] { 0, max })
        {
            foreach (int count in new[] { 0, 1, max - 1, max })
            {
                int[] counts = [neighbours, neighbours, neighbours];
                counts[field] = count;
                long word = Word(wide, counts, version: wide ? 0 : Words.LastVersion, Flags | HoldWord.EmbeddedMask);

                Assert.Equal(counts, Enumerable.Range(0, 3).Select(i => HoldWord.Count(word, i)));
                Assert.Equal(counts.Sum(), HoldWord.SharedCount(word));
                Assert.Equal(counts.Any(static c => c > 0), HoldWord.HasHolds(word));
                Assert.Equal(counts.Sum() >= max, HoldWord.IsFull(word));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndFields))]
    public void One_more_and_one_less_touch_their_own_count_only(bool wide, int field)
    {
        int max = wide ? HoldWord.MaxHolds : (1 << HoldWord.NarrowCountBits) - 1;
        int[] counts = [0, 0, 0];
        counts[field] = max - 1;
        long word = Word(wide, counts, version: 0, Flags);
        counts[field] = max;
        long full = Word(wide, counts, version: 0, Flags);

        Assert.Equal(full, word + HoldWord.One(word, field));
        Assert.Equal(word, full - HoldWord.One(full, field));
    }

    [Fact]
    public void The_sum_of_the_counts_is_limited_not_each()
    {
        Assert.True(HoldWord.IsFull(Word(false, [21, 21, 21], 0, 0)));
        Assert.False(HoldWord.IsFull(Word(false, [21, 21, 20], 0, 0)));
        Assert.True(HoldWord.IsFull(Word(true, [87_381, 87_381, 87_381], 0, 0)));
        Assert.False(HoldWord.IsFull(Word(true, [87_381, 87_381, 87_380], 0, 0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Words.LastVersion - 1)]
    public void The_next_version_changes_the_version_only(long version)
    {
        long word = Word(false, [1, 2, 3], version, Flags);

        Assert.Equal(Word(false, [1, 2, 3], version + 1, Flags), HoldWord.NextVersion(word));
    }

    [Fact]
    public void After_the_last_version_the_word_is_wide_for_good()
    {
        long word = Word(false, [7, 63, 0], Words.LastVersion, Flags);

        Assert.Equal(Word(true, [7, 63, 0], 0, Flags), HoldWord.NextVersion(word));
        Assert.False(HoldWord.CanEmbed(HoldWord.NextVersion(word)));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(63, 63, 63)]
    [InlineData(1, 62, 63)]
    public void Widening_keeps_holds_and_flags_and_drops_the_version(int reads, int writes, int immutables)
    {
        int[] counts = [reads, writes, immutables];
        long flags = Flags | HoldWord.Exclusive | HoldWord.EmbeddedMask;

        Assert.Equal(Word(true, counts, 0, flags), HoldWord.Widen(Word(false, counts, Words.LastVersion, flags)));
    }

    [Fact]
    public void The_first_holder_of_a_kind_adds_one_count_and_its_identity()
    {
        for (int index = 0; index < 3; index++)
        {
            int[] counts = [0, 0, 0];
            counts[index] = 1;
            long first = HoldWord.First(ConflictTable.Kind(index));

            Assert.Equal(Word(false, counts, 0, HoldWord.Embedded(index)), first);
            Assert.Equal(index, HoldWord.EmbeddedIndex(first));
        }
    }

    [Fact]
    public void For_any_word_the_masks_answer_as_a_naive_decoding_does() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 63], Gen.Int[0, 63], Gen.Int[0, 63], Gen.Long[0, Words.LastVersion], Gen.Long[0, 1023], Gen.Int[0, 3])
            .Sample(
                static (wide, reads, writes, immutables, version, flags, index) =>
                {
                    int scale = wide ? 4161 : 1;
                    int[] counts = [reads * scale, writes * scale, immutables * scale];
                    flags |= (flags & HoldWord.Closed) != 0 ? HoldWord.Retired : 0;
                    long word = Word(wide, counts, wide ? 0 : version, flags & ~HoldWord.Wide);
                    AssertNaive(word, counts, index);
                },
                iter: 50_000);

    private static void AssertNaive(long word, int[] counts, int index)
    {
        HoldKind requested = Kinds.All[index];
        bool exclusive = (word & HoldWord.Exclusive) != 0;
        int sum = counts.Sum();
        bool wide = HoldWord.IsWide(word);
        bool blocked = (exclusive && Kinds.Conflict(HoldKind.Exclusive, requested))
            || Enumerable.Range(0, 3).Any(i => counts[i] > 0 && Kinds.Conflict(Kinds.All[i], requested));
        bool full = sum >= (wide ? HoldWord.MaxHolds : 63);

        Assert.Equal(blocked, HoldWord.Blocks(word, index));
        Assert.Equal(full, HoldWord.IsFull(word));
        Assert.Equal(sum > 0 || exclusive, HoldWord.HasHolds(word));
        Assert.Equal(!wide && !full && (word & HoldWord.EmbeddedMask) == 0, HoldWord.CanEmbed(word));

        // A simple word may be called special, never the other way round.
        if (HoldWord.IsSimple(word, index))
        {
            bool frozenOut = (word & HoldWord.Frozen) != 0 && requested is HoldKind.Write or HoldKind.Exclusive;
            Assert.False(blocked || full || wide || frozenOut || (word & (HoldWord.Retired | HoldWord.Checked)) != 0);
            long next = HoldWord.AddSimple(word, index);
            Assert.Equal(index == 3 ? word | HoldWord.Exclusive : word + HoldWord.One(word, index), next);
            Assert.Equal(sum + (index == 3 ? 0 : 1), HoldWord.SharedCount(next));
        }
    }

    private static long Word(bool wide, int[] counts, long version, long flags)
    {
        int bits = wide ? HoldWord.WideCountBits : HoldWord.NarrowCountBits;
        ulong word = (ulong)flags | (wide ? (ulong)HoldWord.Wide : (ulong)version << HoldWord.VersionShift);
        for (int i = 0; i < counts.Length; i++)
        {
            word |= (ulong)counts[i] << (HoldWord.CountShift + (i * bits));
        }

        return (long)word;
    }
}
