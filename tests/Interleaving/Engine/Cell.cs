using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>The value of one location, whatever its type: up to eight bytes of bits, or a reference.</summary>
internal readonly struct Cell(long bits, object? reference)
{
    public long Bits => bits;

    public object? Reference => reference;

    public static Cell From<T>(T value)
    {
        if (!typeof(T).IsValueType)
        {
            return new Cell(0, value);
        }

        return Unsafe.SizeOf<T>() switch
        {
            1 => new Cell(Unsafe.As<T, byte>(ref value), null),
            2 => new Cell(Unsafe.As<T, ushort>(ref value), null),
            4 => new Cell(Unsafe.As<T, uint>(ref value), null),
            8 => new Cell(Unsafe.As<T, long>(ref value), null),
            _ => throw new NotSupportedException($"No processor accesses a {typeof(T)} in one step."),
        };
    }

    public T To<T>()
    {
        if (!typeof(T).IsValueType)
        {
            object? value = Reference;
            return Unsafe.As<object?, T>(ref value);
        }

        // Little-endian: the low bytes of the bits are the value, whatever its width.
        long raw = Bits;
        return Unsafe.As<long, T>(ref raw);
    }

    /// <summary>Bitwise for values, by identity for references: what a compare-exchange compares.</summary>
    public bool Same(in Cell other) => Bits == other.Bits && ReferenceEquals(Reference, other.Reference);
}
