using System.Buffers;

namespace FastBuffers.Tests.Pooling.Model;

/// <summary>A lease, a pin or an owner of a rental, and what must be true of it.</summary>
internal sealed class PoolHold(int number, ModelRental of, ModelHold model)
{
    // Spans of a lease are those of the field that has it.
    private readonly Lease _lease;

    internal ModelRental Of => of;

    internal ModelHold Model => model;

    internal Lease Lease
    {
        get => _lease;
        init => _lease = value;
    }

    internal MemoryHandle Pin { get; init; }

    internal IMemoryOwner<byte>? Owner { get; init; }

    /// <summary>Whether it is what was rented, or what that was converted to: then a second release is the pool's to count.</summary>
    internal bool IsRental { get; init; }

    /// <summary>Memory that was got while it was alive.</summary>
    internal ReadOnlyMemory<byte>? Memory { get; set; }

    internal bool IsLease => Lease != default;

    internal bool IsPin => !IsLease && Owner is null;

    internal ReadOnlySpan<byte> Expected => of.Bytes.AsSpan(model.Start, model.Length);

    internal void Release()
    {
        Lease.Dispose();
        Pin.Dispose();
        Owner?.Dispose();
    }

    /// <summary>The bytes, as this hold has them.</summary>
    internal ReadOnlySpan<byte> Bytes(bool throughMemory)
    {
        if (throughMemory)
        {
            return (Memory ??= Owner?.Memory ?? Lease.ReadOnlyMemory).Span;
        }

        return Owner is null ? _lease.ReadOnlySpan : Owner.Memory.Span;
    }

    internal Span<byte> Writable(bool throughMemory) =>
        Owner is not null ? Owner.Memory.Span : throughMemory ? Lease.Memory.Span : _lease.Span;

    /// <summary>What can be seen at any time; with all bytes, or with some if they are many.</summary>
    internal void Check(bool all)
    {
        bool right = !IsLease || (Lease.Kind == model.Kind && Lease.IsReleased != model.IsLive);
        if (right && model.IsLive)
        {
            ReadOnlySpan<byte> bytes = IsPin ? Pinned() : Bytes(throughMemory: false);
            int seen = all ? model.Length : Math.Min(model.Length, 2048);
            right = bytes.Length == model.Length
                && (!IsLease || (Lease.Start == model.Start && Lease.Length == model.Length))
                && bytes[..seen].SequenceEqual(Expected[..seen]);
        }

        string state = model.IsLive ? "alive" : "released";
        Assert.True(right, $"{this}: {Lease}, and not {model.Kind} of [{model.Start}, {model.End}), {state}; or its bytes.");
    }

    public override string ToString() => $"#{number}";

    private unsafe ReadOnlySpan<byte> Pinned() => new(Pin.Pointer, model.Length);
}
