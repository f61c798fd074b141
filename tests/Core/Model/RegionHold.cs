using System.Buffers;

namespace FastBuffers.Tests.Model;

/// <summary>A lease, a pin or an appender, and what must be true of it.</summary>
internal sealed class RegionHold(int number, RegionUnderTest of, ModelHold model)
{
    internal RegionUnderTest Of => of;

    internal ModelHold Model => model;

    internal Lease Lease { get; init; }

    internal MemoryHandle Pin { get; init; }

    internal AppendLease Appender { get; init; }

    internal bool IsLease => Lease != default;

    internal bool IsAppender => model.IsAppender;

    private ReadOnlySpan<byte> Expected => of.Bytes.AsSpan(model.Start, model.Length);

    internal void Release()
    {
        Lease.Dispose();
        Pin.Dispose();
        Appender.Seal();
    }

    internal void Check()
    {
        bool right = IsLease ? CheckLease() : IsAppender ? CheckAppender() : CheckPin();
        Assert.True(right, $"{this}: {Lease}{Appender}");
    }

    public override string ToString() => $"#{number}";

    private bool CheckLease() => Lease.Kind == model.Kind
        && Lease.IsReleased != model.IsLive
        && (!model.IsLive || (
            Lease.Start == model.Start
            && Lease.Length == model.Length
            && Lease.Region == of.Region
            && Lease.ReadOnlySpan.SequenceEqual(Expected)));

    private bool CheckAppender() => Appender.Written == model.Start
        && Appender.IsSealed != model.IsLive
        && (!model.IsLive || Appender.Window.Span.SequenceEqual(Expected));

    private unsafe bool CheckPin() => !model.IsLive || new ReadOnlySpan<byte>(Pin.Pointer, model.Length).SequenceEqual(Expected);
}
