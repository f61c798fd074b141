using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Infrastructure;

/// <summary>How much physical memory is behind pages, which Linux tells.</summary>
internal static partial class Residency
{
    internal static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>The resident bytes of a range of whole pages.</summary>
    internal static long Count(nint address, long bytes)
    {
        byte[] pages = new byte[bytes / Environment.SystemPageSize];
        Assert.Equal(0, AskForPages(address, (nuint)bytes, pages));
        return pages.Count(static page => (page & 1) != 0) * (long)Environment.SystemPageSize;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int AskForPages(nint address, nuint length, [Out] byte[] pages);
}
