using System.Globalization;
using System.Text;
using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>A large value and the holds that its tracker counted, for INFO.</summary>
internal sealed class HeldValue(byte[] key, LargeValue value)
{
    private const int MaxHolds = 8;
    private const int MaxKeyBytes = 32;

    public int Length => value.Length;

    /// <summary>What the tracker counted, without the hold of no bytes that an edited value has for itself.</summary>
    public HoldSnapshot Snapshot { get; } = Count(value);

    /// <summary>How many holds of a kind there are, those on parts included.</summary>
    public int Count(HoldKind kind) => Snapshot.RangedHolds > 0 ? value.Region.GetHolds().Count(hold => hold.Kind == kind)
        : kind == HoldKind.Read ? Snapshot.Readers
        : kind == HoldKind.Immutable ? Snapshot.Immutables
        : Snapshot.IsExclusive ? 1 : 0;

    /// <summary>The value in a line: its holds by kind and range, up to a few.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("key=").Append(Name()).Append(
            CultureInfo.InvariantCulture,
            $",length={value.Length},capacity={value.Capacity},holds={Snapshot.Total},ranged={Snapshot.RangedHolds},ranges=");
        HoldInfo[] holds = [.. value.Region.GetHolds().Where(static hold => hold.Length > 0)];
        for (int i = 0; i < Math.Min(holds.Length, MaxHolds); i++)
        {
            long end = holds[i].Start + holds[i].Length;
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : "|")}{holds[i].Kind}[{holds[i].Start};{end})");
        }

        return text.Append(holds.Length > MaxHolds ? "|..." : "").ToString();
    }

    private static HoldSnapshot Count(LargeValue value)
    {
        HoldSnapshot all = value.Region.Snapshot();
        return all with { RangedHolds = all.RangedHolds - (value.IsEdited ? 1 : 0) };
    }

    /// <summary>The key in a few characters, none of which means anything in INFO.</summary>
    private string Name()
    {
        var text = new StringBuilder();
        foreach (byte c in key.AsSpan(0, Math.Min(key.Length, MaxKeyBytes)))
        {
            bool isPlain = c is > (byte)' ' and <= (byte)'~' and not ((byte)',' or (byte)'=' or (byte)'\\');
            text.Append(isPlain ? $"{(char)c}" : $"\\x{c:x2}");
        }

        return text.Append(key.Length > MaxKeyBytes ? "..." : "").ToString();
    }
}
