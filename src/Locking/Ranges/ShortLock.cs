using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// A lock word for a few dozen instructions: never held across foreign code, allocation or waiting. Not re-entrant. In by one locked
/// instruction, out by a plain store, which is why a <see cref="System.Threading.Lock"/> is not used.
/// </summary>
internal struct ShortLock
{
    // Odd while held. It counts, so that no two critical sections look alike to one who compares states (the interleaving explorer).
    private int _sequence;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        int sequence = Volatile.Read(ref _sequence);
        if ((sequence & 1) != 0 || Interlocked.CompareExchange(ref _sequence, sequence + 1, sequence) != sequence)
        {
            EnterContended();
        }
    }

    internal void Exit() => Volatile.Write(ref _sequence, Volatile.Read(ref _sequence) + 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterContended()
    {
        SpinWait spinner = default;
        bool interrupted = false;
        int sequence;
        do
        {
            try
            {
                spinner.SpinOnce();
            }
            catch (ThreadInterruptedException)
            {
                // It sleeps at times. Who releases a hold must come in: the interrupt is for the next wait that the caller does himself.
                interrupted = true;
            }

            sequence = Volatile.Read(ref _sequence);
        }
        while ((sequence & 1) != 0 || Interlocked.CompareExchange(ref _sequence, sequence + 1, sequence) != sequence);

        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
