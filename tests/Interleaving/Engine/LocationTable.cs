using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// The shared locations one execution has touched, each with a label that means the same location in every execution with the same
/// histories. The references live in the frame of the thread that runs the exploration (see <see cref="LocationSlots"/>), which stays
/// blocked for as long as virtual threads run; only one of them runs at a time, and each hand-off is a full fence.
/// </summary>
internal sealed unsafe class LocationTable(LocationSlot* slots)
{
    private const ulong InitialContent = 1UL << 63;
    private const ulong Unlabelled = ulong.MaxValue;

    private readonly int[] _sizes = new int[LocationSlots.Capacity];
    private readonly ulong[] _labels = new ulong[LocationSlots.Capacity];
    private readonly string?[] _names = new string?[LocationSlots.Capacity];
    private readonly uint[] _users = new uint[LocationSlots.Capacity];
    private readonly bool[] _written = new bool[LocationSlots.Capacity];
    private readonly bool[] _unguarded = new bool[LocationSlots.Capacity];
    private readonly List<(object Target, ulong Label)> _objects = [];

    public int Count { get; private set; }

    public void Clear()
    {
        for (int i = 0; i < Count; i++)
        {
            slots[i].Target = ref Unsafe.NullRef<byte>();
            _names[i] = null;
        }

        Count = 0;
        _objects.Clear();
    }

    /// <summary>The index of the location; a new one gets <paramref name="label"/>'s next value.</summary>
    public int Find<T>(ref T location, ref ulong label)
    {
        ref byte target = ref Unsafe.As<T, byte>(ref location);
        for (int i = 0; i < Count; i++)
        {
            if (Unsafe.AreSame(ref slots[i].Target, ref target))
            {
                return _sizes[i] == SizeOf<T>() ? i : throw new NotSupportedException($"{NameOf(i)} is accessed at two sizes.");
            }
        }

        return Add(ref target, SizeOf<T>(), ++label);
    }

    /// <summary>
    /// Notes who accesses a location; true when now several threads do, one of them writes, and not all of them under a lock that keeps
    /// the others out.
    /// </summary>
    public bool IsShared(int index, int thread, bool writes, bool guarded)
    {
        _written[index] |= writes;
        _unguarded[index] |= !guarded;
        _users[index] |= 1u << thread;
        return _written[index] && _unguarded[index] && (_users[index] & (_users[index] - 1)) != 0;
    }

    public void SetName(int index, string name) => _names[index] = name;

    public string NameOf(int index) => _names[index] ?? $"location {LabelText(_labels[index])}";

    public ulong LabelOf(int index) => _labels[index];

    public Cell Read(int index)
    {
        ref byte target = ref slots[index].Target;
        return _sizes[index] switch
        {
            0 => new Cell(0, Unsafe.As<byte, object?>(ref target)),
            1 => new Cell(target, null),
            2 => new Cell(Unsafe.As<byte, ushort>(ref target), null),
            4 => new Cell(Unsafe.As<byte, uint>(ref target), null),
            _ => new Cell(Unsafe.As<byte, long>(ref target), null),
        };
    }

    public void Write(int index, in Cell value)
    {
        ref byte target = ref slots[index].Target;
        switch (_sizes[index])
        {
            case 0:
                Unsafe.As<byte, object?>(ref target) = value.Reference;
                break;
            case 1:
                target = (byte)value.Bits;
                break;
            case 2:
                Unsafe.As<byte, ushort>(ref target) = (ushort)value.Bits;
                break;
            case 4:
                Unsafe.As<byte, uint>(ref target) = (uint)value.Bits;
                break;
            default:
                Unsafe.As<byte, long>(ref target) = value.Bits;
                break;
        }
    }

    /// <summary>Cuts a computed value down to the width of the location, as the processor would.</summary>
    public Cell Narrow(int index, long bits) => new(_sizes[index] switch { 1 => (byte)bits, 2 => (ushort)bits, 4 => (uint)bits, _ => bits }, null);

    /// <summary>A number for the value that is equal in equal executions: bits as they are, references by label.</summary>
    /// <param name="value">The value.</param>
    /// <param name="label">Where labels for references that were not seen before come from.</param>
    public ulong Canonical(in Cell value, ref ulong label)
    {
        ulong known = Canonical(value);
        if (known == Unlabelled && value.Reference is { } reference)
        {
            _objects.Add((reference, known = ++label));
        }

        return known;
    }

    /// <summary>The same, without labels for references that no access has carried yet: to look must change nothing.</summary>
    public ulong Canonical(in Cell value)
    {
        if (value.Reference is null)
        {
            return (ulong)value.Bits;
        }

        foreach ((object target, ulong label) in _objects)
        {
            if (ReferenceEquals(target, value.Reference))
            {
                return label;
            }
        }

        return Unlabelled;
    }

    /// <summary>The fingerprint of the content of every location touched so far.</summary>
    public StateHash Content()
    {
        StateHash content = default;
        for (int i = 0; i < Count; i++)
        {
            StateHash one = default;
            one.Add(_labels[i]);
            one.Add(Canonical(Read(i)));
            content.Join(one);
        }

        return content;
    }

    public string Text(in Cell value)
    {
        if (value.Reference is null)
        {
            return value.Bits is >= -9 and <= 99 ? value.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"0x{value.Bits:X}";
        }

        return $"{value.Reference.GetType().Name}({LabelText(Canonical(value))})";
    }

    private static int SizeOf<T>() => typeof(T).IsValueType ? Unsafe.SizeOf<T>() : 0;

    private static string LabelText(ulong label) =>
        label == Unlabelled ? "new"
        : (label & InitialContent) != 0 ? $"in {LabelText(label & ~InitialContent)}"
        : label >> 32 == 0 ? $"s{label}"
        : $"t{(label >> 32) - 1}.{(uint)label}";

    private int Add(ref byte target, int size, ulong label)
    {
        if (Count == LocationSlots.Capacity)
        {
            throw new NotSupportedException($"The scenario touches more than {LocationSlots.Capacity} shared locations.");
        }

        for (int i = 0; i < Count; i++)
        {
            // Store buffers forward whole locations only; overlapping ones would silently not forward.
            nint distance = Unsafe.ByteOffset(ref slots[i].Target, ref target);
            if (distance > -Math.Max(size, 1) && distance < Math.Max(_sizes[i], 1))
            {
                throw new NotSupportedException($"A location overlaps {NameOf(i)}.");
            }
        }

        // By way of a span, because the compiler cannot know that the slot dies before the location does; the reference stays tracked.
        slots[Count].Target = ref MemoryMarshal.GetReference(MemoryMarshal.CreateSpan(ref target, 1));
        _sizes[Count] = size;
        _users[Count] = 0;
        _written[Count] = _unguarded[Count] = false;
        _labels[Count] = label;
        if (size == 0)
        {
            // What no access has carried yet is the location's initial content: the location's own label tells which object that is.
            ulong initial = (InitialContent | label) - 1;
            Canonical(Read(Count), ref initial);
        }

        return Count++;
    }
}
