using System.Globalization;

namespace FastBuffers;

/// <summary>What can be wrong with a call of a pool, in words.</summary>
internal static class PoolErrors
{
    internal const int MaxAlignment = 4096;

    internal static ArgumentOutOfRangeException NotDefined<T>(string name, T value)
        where T : struct, Enum =>
        new(name, value, $"{name} is one of {string.Join(", ", Enum.GetNames<T>())}.");

    internal static ArgumentOutOfRangeException BadAlignment(int value) =>
        new(nameof(value), value, $"The alignment is a power of two from 1 to {MaxAlignment}.");

    internal static ArgumentOutOfRangeException BadIdleTrim(TimeSpan value) =>
        new(nameof(value), value, "The time is more than zero and at most 49 days, or infinite.");

    internal static ArgumentOutOfRangeException BadHardenEvery(int value) =>
        new(nameof(value), value, "Every n-th rental is hardened, or none for 0: n is not negative.");

    internal static void CheckHardening(RegionPoolOptions options)
    {
        if (options.HardenEvery != 0 && options.Backing != PoolBacking.Native)
        {
            throw new ArgumentException(
                $"Only native memory has pages that can be protected: HardenEvery needs Backing to be Native, not {options.Backing}.",
                nameof(options));
        }
    }

    internal static string Corrupted(string name, int length, string place) => string.Create(
        CultureInfo.InvariantCulture,
        $"Memory is corrupt: while {length:N0} bytes were rented from the pool \"{name}\", something was written {place}.");

    internal static string NotHardened(string name, int length, bool isOverBudget) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        A rental of {length:N0} bytes from the pool "{name}" is not hardened: {(isOverBudget ? "its whole pages exceed MaxBytes" : "there are too many mappings")}.
        This is said once; Statistics.HardeningRefusals counts.
        """);

    internal static ObjectDisposedException Disposed(string name) => new(nameof(RegionPool), $"The pool \"{name}\" has been disposed.");

    internal static PoolExhaustedException Exhausted(string name, int length, RegionPoolStatistics now, long maxBytes) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{length:N0} bytes are not to be had from the pool \"{name}\": of at most {maxBytes:N0} bytes, {now.RentedBytes:N0} are rented and {now.CachedBytes:N0} cached."))
    {
        RequestedLength = length,
        MaxBytes = maxBytes,
        RentedBytes = now.RentedBytes,
        CachedBytes = now.CachedBytes,
    };
}
