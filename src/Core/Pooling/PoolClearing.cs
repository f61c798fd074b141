namespace FastBuffers;

/// <summary>When a <see cref="RegionPool"/> clears the bytes of a rental.</summary>
public enum PoolClearing
{
    /// <summary>Never: a rental begins with what the one before left there.</summary>
    None,

    /// <summary>When it is rented, as many bytes as were asked for.</summary>
    OnRent,

    /// <summary>When it is returned, so that nothing stays in caches and goes back to the system.</summary>
    OnReturn,
}
