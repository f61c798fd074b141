namespace FastBuffers.Locking;

/// <summary>What all domains have in common that switch their bias: a lock, keys, and the time.</summary>
internal static class BiasSwitch
{
    // A revocation costs some microseconds: after it, this many times what it cost has to pass before the next bias.
    private const int Pause = 20;

    // Before the first bias of a domain: longer than a revocation, so that what does not live long pays for none.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMicroseconds(200);

    // In these bits stamps tell the biases of a domain apart, above them they are a time, in 256 ticks: 256 ns where a tick is one, 26 µs
    // where it is 100 ns.
    private const long Distinct = 0xFF;

    private static ShortLock s_lock;
    private static long s_keys;
    private static TimeProvider s_clock = TimeProvider.System;

    /// <summary>The time, in ticks of the clock.</summary>
    internal static long Now => Volatile.Read(ref s_clock).GetTimestamp();

    /// <summary>The clock, for tests.</summary>
    internal static TimeProvider Clock
    {
        get => Volatile.Read(ref s_clock);
        set => Volatile.Write(ref s_clock, value);
    }

    /// <summary>Enters the lock, under which alone a domain's key is changed.</summary>
    internal static void Enter() => s_lock.Enter();

    /// <summary>Leaves the lock.</summary>
    internal static void Exit() => s_lock.Exit();

    /// <summary>A key that no domain has had. For the holder of the lock.</summary>
    internal static long NextKey()
    {
        return ++s_keys;
    }

    /// <summary>The stamp of a domain that was found to be read for the first time. For the holder of the lock.</summary>
    internal static long FirstStamp() => StampAt(Now + (long)(s_firstPause.TotalSeconds * Clock.TimestampFrequency));

    /// <summary>The stamp of a domain whose bias was revoked, other than those it had before. For the holder of the lock.</summary>
    /// <param name="began">When the revocation began.</param>
    internal static long NextStamp(long began)
    {
        // A number that no stamp of the domain has had of late.
        _ = NextKey();
        long now = Now;
        return StampAt(now + ((now - began) * Pause));
    }

    // Rounded up: no sooner than it says, and never 0.
    private static long StampAt(long time) => -((time & ~Distinct) | (s_keys & Distinct)) - Distinct - 1;
}
