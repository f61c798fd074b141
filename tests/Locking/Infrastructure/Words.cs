using System.Runtime.CompilerServices;
using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>Access to a domain's word, to start near an end that nobody reaches by taking and releasing.</summary>
internal static class Words
{
    internal const long LastVersion = (1L << HoldWord.VersionBits) - 1;

    internal static void SetVersion(HoldDomain domain, long version) => Word(ref domain.Tracker) = version << HoldWord.VersionShift;

    /// <summary>Makes the word wide for good, as 64 holds at once would.</summary>
    internal static void MakeWide(HoldDomain domain) => Word(ref domain.Tracker) = HoldWord.Widen(domain.Tracker.Word);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref long Word(ref Tracker tracker);
}
