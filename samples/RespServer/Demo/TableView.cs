using System.Globalization;
using FastBuffers.Samples.Resp.Storage;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>A live table, for a terminal.</summary>
internal sealed class TableView(IAnsiConsole console) : IDemoView
{
    private readonly TaskCompletionSource _finished = new();
    private RespServer? _server;
    private Tally? _tally;
    private LiveDisplayContext? _live;
    private Task _display = Task.CompletedTask;
    private long _lastTotal;
    private long _lastBytes;

    public void Start(RespServer server, Tally tally)
    {
        (_server, _tally) = (server, tally);
        _display = console.Live(new Text("starting")).StartAsync(live =>
        {
            _live = live;
            return _finished.Task;
        });
    }

    public void Update()
    {
        _live?.UpdateTarget(Render());
        (_lastTotal, _lastBytes) = (_tally!.Total, _tally.Bytes);
    }

    public void Finish(DemoOutcome outcome)
    {
        _finished.TrySetResult();
        _display.Wait();
        foreach (string line in outcome.Describe())
        {
            console.WriteLine(line, outcome.IsGood ? new Style(Color.Green) : new Style(Color.Red));
        }
    }

    private Table Render()
    {
        StorageCounters holds = _server!.StorageCounters;
        Table table = new Table().Title($"RespServer on {_server.EndPoint}").AddColumn("").AddColumn(new TableColumn("total").RightAligned());
        table.AddRow("operations per second", Number(_tally!.Total - _lastTotal));
        table.AddRow("MB per second", Number((_tally.Bytes - _lastBytes) / 1_000_000));
        table.AddRow(new Text("wrong replies"), new Text(Number(_tally.MistakeCount), _tally.MistakeCount == 0 ? Style.Plain : new Style(Color.Red)));
        table.AddEmptyRow();
        foreach ((string operation, long count) in _tally.Operations.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            table.AddRow(operation, Number(count));
        }

        table.AddEmptyRow();
        table.AddRow("Read holds, scoped: small values and parts copied out", Number(holds.ReadHolds));
        table.AddRow("Exclusive holds: values received and written", Number(holds.ExclusiveHolds));
        table.AddRow("Immutable leases: values sent from their regions", Number(holds.ImmutableLeases));
        table.AddRow("  of them alive now", Number(holds.LivePins));
        table.AddEmptyRow();
        table.AddRow("edits in place", Number(holds.WritesInPlace));
        table.AddRow("conflicts: waited for an edit of the same bytes", Number(holds.CommandsWaited));
        table.AddRow("conflicts: edited a fresh copy while the old was sent", Number(holds.ConflictsCopied));
        table.AddRow("conflicts: replaced or deleted, old version outlived its key", Number(holds.VersionsOutlived));
        RegionPoolStatistics pool = _server.Memory.Statistics;
        table.AddEmptyRow();
        table.AddRow("bytes rented from the pool", Number(pool.RentedBytes));
        table.AddRow("bytes cached by it", Number(pool.CachedBytes));
        return table;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
