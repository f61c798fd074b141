namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// A lock in the program under test, of which the exploration knows the word: odd while held, taken by a locked instruction that makes it
/// odd, left by a store. What is accessed only by the holder commutes with what all others do meanwhile (see <see cref="StepRules"/>).
/// </summary>
internal sealed class SpinLockWord
{
    private int _location = -1;
    private VirtualThread? _holder;
    private bool _isBroken;

    /// <summary>Names the word; once an execution, in setup.</summary>
    public void Begin(int location) => (_location, _holder, _isBroken) = (location, null, false);

    /// <summary>There is none in this execution.</summary>
    public void Clear() => Begin(-1);

    /// <summary>Whether a thread has the lock, and has it alone.</summary>
    public bool Guards(VirtualThread thread) => _holder == thread && !_isBroken;

    /// <summary>Notes an access.</summary>
    public void Note(VirtualThread thread, int location, AccessKind kind, in Cell old, in Cell value)
    {
        if (location != _location || kind == AccessKind.Read)
        {
            return;
        }

        if (kind == AccessKind.Write)
        {
            _isBroken |= _holder != thread;
            _holder = null;
        }
        else if (!old.Same(value))
        {
            _isBroken |= _holder is not null || (value.Bits & 1) == 0;
            _holder = thread;
        }
    }
}
