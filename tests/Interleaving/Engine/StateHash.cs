namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// A 128-bit fingerprint of a state or of a history. Two lanes with independent constants: at a million states the chance that any two
/// different ones collide is below 2^-88, which is what makes cutting by fingerprint as good as cutting by the state itself.
/// </summary>
public struct StateHash : IEquatable<StateHash>
{
    private ulong _low;
    private ulong _high;

    /// <summary>Appends <paramref name="value"/>: order matters.</summary>
    public void Add(ulong value)
    {
        _low = Mix(_low ^ value ^ 0x9E37_79B9_7F4A_7C15, 0xE703_7ED1_A0B4_28DB);
        _high = Mix(_high ^ value ^ 0xD1B5_4A32_D192_ED03, 0x8EBC_6AF0_9C88_C6E3);
    }

    /// <summary>Appends <paramref name="value"/>: order matters.</summary>
    public void Add(long value) => Add((ulong)value);

    /// <summary>Appends another fingerprint: order matters.</summary>
    public void Add(in StateHash other)
    {
        Add(other._low);
        Add(other._high);
    }

    /// <summary>Joins another fingerprint in a way in which order does not matter: for sets.</summary>
    public void Join(in StateHash other)
    {
        _low += other._low;
        _high += other._high;
    }

    /// <inheritdoc/>
    public readonly bool Equals(StateHash other) => _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is StateHash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)(_low ^ (_high >> 32));

    /// <summary>Whether the fingerprints are equal.</summary>
    public static bool operator ==(StateHash left, StateHash right) => left.Equals(right);

    /// <summary>Whether the fingerprints differ.</summary>
    public static bool operator !=(StateHash left, StateHash right) => !left.Equals(right);

    // A bijection of value (xor-shift and odd multiplication are), so no single Add loses anything.
    private static ulong Mix(ulong value, ulong factor)
    {
        value = (value ^ (value >> 32)) * factor;
        value = (value ^ (value >> 29)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 32);
    }
}
