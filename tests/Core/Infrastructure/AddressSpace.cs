using System.Globalization;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Infrastructure;

/// <summary>Makes memory scarce: while this lives, the process (on Linux) gets some 64 MiB more and no byte beyond.</summary>
internal sealed partial class AddressSpace : IDisposable
{
    private const int AddressSpaceLimit = 9;

    // Room for what the runtime and other threads need meanwhile.
    private const ulong Slack = 64UL << 20;

    private readonly ulong[] _before = new ulong[2];

    internal AddressSpace()
    {
        ulong pages = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal(0, GetLimit(AddressSpaceLimit, _before));
        Assert.Equal(0, SetLimit(AddressSpaceLimit, [(pages * (ulong)Environment.SystemPageSize) + Slack, _before[1]]));
    }

    /// <summary>Whether this system can be limited.</summary>
    internal static bool IsLimitable => OperatingSystem.IsLinux();

    public void Dispose() => SetLimit(AddressSpaceLimit, _before);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, [Out] ulong[] limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong[] limits);
}
