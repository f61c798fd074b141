using System.Globalization;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>One line a second, for output that goes to a file or a pipe.</summary>
internal sealed class LineView(TextWriter output) : IDemoView
{
    private RespServer? _server;
    private Tally? _tally;
    private long _lastTotal;
    private long _lastBytes;
    private int _seconds;

    public void Start(RespServer server, Tally tally)
    {
        (_server, _tally) = (server, tally);
        output.WriteLine($"Server on {server.EndPoint}; every reply is checked byte for byte.");
    }

    public void Update()
    {
        StorageCounters holds = _server!.StorageCounters;
        long total = _tally!.Total;
        long bytes = _tally.Bytes;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{++_seconds,3} s: {total - _lastTotal,7:N0} op/s {(bytes - _lastBytes) / 1e6,6:N0} MB/s, {_tally.MistakeCount} wrong"
            + $" | holds: {holds.ReadHolds:N0} read, {holds.ExclusiveHolds:N0} exclusive, {holds.ImmutableLeases:N0} immutable ({holds.LivePins} now)"
            + $" | edits: {holds.WritesInPlace:N0} in place, {holds.ConflictsCopied:N0} conflicts copied, {holds.CommandsWaited:N0} waited, {holds.VersionsOutlived:N0} old versions outlived"
            + $" | {_server.Memory.NativeBytes / 1e6:N1} MB rented"));
        (_lastTotal, _lastBytes) = (total, bytes);
    }

    public void Finish(DemoOutcome outcome)
    {
        foreach ((string operation, long count) in _tally!.Operations.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {operation,-18} {count,9:N0}"));
        }

        foreach (string line in outcome.Describe())
        {
            output.WriteLine(line);
        }
    }
}
