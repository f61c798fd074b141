using System.Globalization;

namespace FastBuffers.Bench.Gate;

/// <summary>One row of the gate: what is measured, against what, and the limits it has to keep. All limits are upper limits.</summary>
/// <param name="Id">Group, dot, name: "S1.read" is selected by "S1.read" and by "S1".</param>
/// <param name="What">The operation, in words.</param>
/// <param name="Ours">Makes the contender that uses FastBuffers.</param>
/// <param name="Against">The peer, in words; null for a row that only counts bytes.</param>
/// <param name="Peer">Makes the peer's contender; null for a row that only counts bytes.</param>
/// <param name="MaxRatio">The most that ours may take, as a multiple of the peer's time. "k times the throughput" is a ratio of 1/k.</param>
/// <param name="MaxBytes">The most managed bytes that one operation of ours may allocate, in steady state, on all threads together.</param>
/// <param name="ProcessorTime">Whether both sides are timed by the processor time that the process used, spread over their threads, instead of by the clock.
/// For threads that never wait for each other: what the system gave to another process meanwhile then says nothing about how well they scale, while a
/// cache line that they fight for costs each of them its processor's time.</param>
/// <param name="Missing">Says what the row needs that this machine does not have, or null if it has all: without it, nothing is measured.</param>
internal sealed record Target(
    string Id,
    string What,
    Func<IContender> Ours,
    string? Against = null,
    Func<IContender>? Peer = null,
    double? MaxRatio = null,
    double? MaxBytes = null,
    bool ProcessorTime = false,
    Func<string?>? Missing = null)
{
    /// <summary>Times depend on the neighbours of a short run, so a smoke run is lenient with them; bytes do not, and get no slack.</summary>
    private const double SmokeSlack = 1.5;

    public static string GroupOf(string id) => id.Split('.')[0];

    public double? RatioLimit(bool smoke) => smoke ? MaxRatio * SmokeSlack : MaxRatio;

    public string Limits(bool smoke)
    {
        string ratio = RatioLimit(smoke) is { } r ? string.Create(CultureInfo.InvariantCulture, $"<= {r:0.###}x") : "";
        string bytes = MaxBytes is { } b ? string.Create(CultureInfo.InvariantCulture, $"<= {b:0} B") : "";
        return ratio.Length > 0 && bytes.Length > 0 ? $"{ratio}, {bytes}" : ratio + bytes;
    }
}
