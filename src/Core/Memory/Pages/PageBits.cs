using System.Numerics;

namespace FastBuffers;

/// <summary>One bit for every page of a span, all clear at first. Not thread-safe.</summary>
/// <param name="pages">The number of pages, above 0. Positions and lengths below are pages within it, and are not checked.</param>
internal sealed class PageBits(int pages)
{
    private const int WordBits = 64;

    private readonly ulong[] _words = new ulong[(pages + WordBits - 1) / WordBits];

    internal bool this[int page] => (_words[page / WordBits] & (1UL << page)) != 0;

    /// <summary>The number of set bits.</summary>
    internal int Count()
    {
        int count = 0;
        foreach (ulong word in _words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    internal void Set(PageStretch stretch)
    {
        for (int page = stretch.Start; page < stretch.End;)
        {
            _words[page / WordBits] |= MaskWithin(ref page, stretch.End);
        }
    }

    internal void Clear(PageStretch stretch)
    {
        for (int page = stretch.Start; page < stretch.End;)
        {
            _words[page / WordBits] &= ~MaskWithin(ref page, stretch.End);
        }
    }

    /// <summary>The first set bit from a page on, or the number of pages.</summary>
    internal int NextSet(int from) => Next(from, 0);

    /// <summary>The first clear bit from a page on, or the number of pages.</summary>
    internal int NextClear(int from) => Next(from, ulong.MaxValue);

    /// <summary>The first stretch of set bits from a page on, as far as it goes.</summary>
    internal PageStretch NextStretch(int from)
    {
        int start = NextSet(from);
        return new PageStretch(start, NextClear(start) - start);
    }

    /// <summary>The longest stretch of set bits.</summary>
    internal PageStretch Longest()
    {
        PageStretch longest = default;
        for (PageStretch next = NextStretch(0); !next.IsNone; next = NextStretch(next.End))
        {
            longest = next.Length > longest.Length ? next : longest;
        }

        return longest;
    }

    /// <summary>The shortest stretch of set bits that has the length, the first of several.</summary>
    internal PageStretch Tightest(int length)
    {
        PageStretch tightest = default;
        for (PageStretch next = NextStretch(0); !next.IsNone && tightest.Length != length; next = NextStretch(next.End))
        {
            tightest = next.Length >= length && (tightest.IsNone || next.Length < tightest.Length) ? next : tightest;
        }

        return tightest;
    }

    // The first bit that is set once the words are flipped; the bits behind the last page may look set then.
    private int Next(int from, ulong flip)
    {
        ulong ignored = (1UL << from) - 1;
        for (int word = from / WordBits; word < _words.Length; word++, ignored = 0)
        {
            ulong bits = (_words[word] ^ flip) & ~ignored;
            if (bits != 0)
            {
                return Math.Min((word * WordBits) + BitOperations.TrailingZeroCount(bits), pages);
            }
        }

        return pages;
    }

    // The bits of one word from a page on, not beyond the end; the page moves behind them.
    private static ulong MaskWithin(ref int page, int end)
    {
        int first = page;
        page = Math.Min((first | (WordBits - 1)) + 1, end);
        return (ulong.MaxValue >> (WordBits - (page - first))) << first;
    }
}
