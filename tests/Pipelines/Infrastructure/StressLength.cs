using System.Globalization;

namespace FastBuffers.Pipelines.Tests;

/// <summary>How many bytes a stress test sends: more than the default if FASTBUFFERS_STREAM_MIB says so.</summary>
internal static class StressLength
{
    public static long Bytes { get; } =
        (long.TryParse(Environment.GetEnvironmentVariable("FASTBUFFERS_STREAM_MIB"), NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes)
            ? mebibytes : 16) << 20;
}
