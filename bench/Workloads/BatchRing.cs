namespace FastBuffers.Bench.Workloads;

/// <summary>
/// Hands full arrays from one thread to another, and the emptied arrays back. Both spin while they wait: a thread that has to be woken
/// takes longer than a hundred buffers, which would hide what is measured.
/// </summary>
internal sealed class BatchRing<T>(int batch)
{
    /// <summary>Enough that neither side waits for the other at every turn, which on a busy machine would cost more than the buffers.</summary>
    private const int Slots = 16;

    private readonly T[][] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new T[batch])];
    private int _filled;
    private int _emptied;
    private volatile bool _closed;

    public void Open() => _closed = false;

    /// <summary>Either side closes: one that has no more, or one that failed and would leave the other waiting.</summary>
    public void Close() => _closed = true;

    /// <summary>The array to fill next, or null if the ring is closed.</summary>
    public T[]? WaitForEmpty()
    {
        var wait = new SpinWait();
        while (_filled - Volatile.Read(ref _emptied) == Slots)
        {
            if (_closed)
            {
                return null;
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }

        return _slots[_filled & (Slots - 1)];
    }

    public void Filled() => Volatile.Write(ref _filled, _filled + 1);

    /// <summary>The array to empty next, or null if the ring is closed and nothing is left in it.</summary>
    public T[]? WaitForFull()
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _filled) == _emptied)
        {
            // Looking again: the last array may have been filled between the two looks.
            if (_closed && Volatile.Read(ref _filled) == _emptied)
            {
                return null;
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }

        return _slots[_emptied & (Slots - 1)];
    }

    public void Emptied() => Volatile.Write(ref _emptied, _emptied + 1);
}
