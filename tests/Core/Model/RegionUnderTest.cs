using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Model;

/// <summary>A region, and what must be true of it.</summary>
internal sealed class RegionUnderTest
{
    private readonly ForeignMemory? _foreign;
    private readonly bool _traced;

    internal RegionUnderTest(string name, int length, RegionForm form)
    {
        Name = name;
        _traced = form == RegionForm.Traced;
        _foreign = form == RegionForm.Foreign ? new ForeignMemory(length) : null;
        Region = _foreign?.AsRegion() ?? Region.Allocate(length, new RegionOptions { TraceHolds = _traced });
        Model = new HoldModel(length);
        Bytes = new byte[length];
    }

    internal string Name { get; }

    internal Region Region { get; }

    internal HoldModel Model { get; }

    internal byte[] Bytes { get; set; }

    internal bool CanResize => _foreign is null;

    internal void Check()
    {
        AssertEqual(Model.Snapshot(), Region.Snapshot(), "snapshot");
        AssertEqual(Model.Length, Region.Length, "length");
        AssertEqual(Model.IsClosed, Region.IsClosed, "closed");
        AssertEqual(Model.IsClosed ? 1 : 0, _foreign?.Freed ?? (Region.IsClosed ? 1 : 0), "freed");
    }

    /// <summary>Each hold is listed once. Of a hold on nothing, only traces tell kind and place.</summary>
    internal void CheckList()
    {
        IReadOnlyList<HoldInfo> listed = Region.GetHolds();
        HoldInfo[] expected = [.. Model.Active.Select(hold => _traced || hold.Length > 0 || hold.IsAppender ? hold.Info : default)];
        AssertEqual(Text(expected), Text(listed), "holds");
        foreach (HoldInfo hold in listed)
        {
            AssertEqual(_traced, hold.Age >= TimeSpan.Zero, "age");
            AssertEqual(_traced, hold.Stack?.Contains(nameof(RegionProgram), StringComparison.Ordinal) ?? false, "stack");
        }
    }

    /// <summary>A refusal names up to four of the holds that block, each with the part that does.</summary>
    internal void CheckConflict(BufferConflictException conflict, HoldKind kind, int start, int length)
    {
        AssertEqual((kind, (long)start, (long)length), (conflict.Requested, conflict.RequestedStart, conflict.RequestedLength), "request");
        HoldInfo[] blockers = Model.Blockers(kind, start, start + length);
        AssertEqual(Math.Min(4, blockers.Length), conflict.Blockers.Count, "blockers");
        AssertEqual(string.Empty, Text(conflict.Blockers.Except(blockers)), "unknown blockers");
        AssertEqual(false, conflict.Message.Contains("meanwhile", StringComparison.Ordinal), conflict.Message);
    }

    private void AssertEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Assert.Fail($"{Name}: {what} {actual}, not {expected}.");
        }
    }

    private static string Text(IEnumerable<HoldInfo> holds) =>
        string.Join(", ", holds.Select(static hold => $"{hold.Kind} of [{hold.Start}, {hold.Start + hold.Length})").Order(StringComparer.Ordinal));
}
