using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Locking;

/// <summary>
/// One place for a biased hold: a scoped Read or Immutable hold on a domain that has a bias, which its thread takes and ends by plain stores.
/// How it goes together with those who revoke the bias is in <see cref="Tracker"/> (<c>Tracker.Bias.cs</c>).
/// </summary>
/// <remarks>
/// The state is the token of the hold that is here, or 0. A token is the kind's index (2 bits) and a version (61) that rises with each hold
/// here and so is never used again: the release of a copy finds another state. The key, which says what domain is held, is written before the
/// state, and stays afterwards.
/// </remarks>
internal sealed class ReaderSlot
{
    // What _moved is while a hold that came too late is taken back.
    private const long Withdrawn = -1;

    private const long KindMask = 3;

    private long _state;
    private long _key;

    // The last token. Apart from the state, so that a hold need not wait for the store that ended the one before. The thread's own: another
    // one, which finds the slot in the place of its page, reads it for a token that it does not use.
    private long _last;

    // The hold whose count a revocation has put into the word; whoever puts 0 in its place has that count to take out again.
    private long _moved;

    // What the revocation under way has counted. For the holder of its lock.
    private long _counted;
    private ReaderSlot? _next;

#pragma warning disable CS0169, CA1823, IDE0051 // Keeps the slots of two threads on different cache lines, and these in pairs, as they are fetched.
    private readonly Padding _padding;
#pragma warning restore CS0169, CA1823, IDE0051

    /// <summary>A slot for whoever runs in a page of a stack.</summary>
    /// <param name="page">The number of the page.</param>
    internal ReaderSlot(nuint page) => Page = page;

    /// <summary>The number of the page.</summary>
    internal nuint Page { get; }

    /// <summary>A further slot of the same page, for holds inside holds.</summary>
    internal ReaderSlot? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>The state: the token of the hold that is here, if there is one. For the thread.</summary>
    internal long State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _state);
    }

    /// <summary>Whether there is a hold here. For the thread.</summary>
    internal bool IsBusy => State != 0;

    /// <summary>The kind of the hold that a token is, or was, of.</summary>
    internal static int IndexOf(long token) => (int)(token & KindMask);

    /// <summary>Whether a hold is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHeld(long token) => Volatile.Read(ref _state) == token;

    /// <summary>The token that a hold of a kind is to have here. For the thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long NextToken(int index) => (_last | KindMask) + 1 + index;

    /// <summary>Whether who runs in a page may enter. In one comparison: this is in the way of every biased hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFreeAt(nuint page) => ((long)(Page ^ page) | Volatile.Read(ref _state)) == 0;

    /// <summary>
    /// Begins a hold here. For the thread, which then has to see whether the domain still has the key: if not, it calls
    /// <see cref="TryWithdraw"/>.
    /// </summary>
    /// <param name="key">The domain's.</param>
    /// <param name="token">The next one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(long key, long token)
    {
        _last = token;
        Volatile.Write(ref _key, key);
        Volatile.Write(ref _state, token);
    }

    /// <summary>
    /// Ends a hold that is alive, by a plain store. For the thread. True if it was told that a revocation has counted the hold: then
    /// <see cref="TryTakeMoved"/> must follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Leave(long token)
    {
        Volatile.Write(ref _state, 0);
        return Volatile.Read(ref _moved) == token;
    }

    /// <summary>Whether the count of a hold that has ended is now the caller's, to be taken out of the word.</summary>
    internal bool TryTakeMoved(long token) => Interlocked.CompareExchange(ref _moved, 0, token) == token;

    /// <summary>For a revocation: the hold that is here under a key, or 0.</summary>
    internal long Find(long key)
    {
        long state = Volatile.Read(ref _state);

        // The key is not written while there is a hold: if the state is the same afterwards, the key was that hold's.
        return state != 0 && Volatile.Read(ref _key) == key && Volatile.Read(ref _state) == state ? state : 0;
    }

    /// <summary>For a revocation, which has counted the hold in the word: tells the thread. False if the hold was taken back.</summary>
    internal bool TryMove(long token)
    {
        if (Interlocked.CompareExchange(ref _moved, token, 0) != 0)
        {
            return false;
        }

        _counted = token;
        return true;
    }

    /// <summary>
    /// For a revocation, after a fence for all threads: the hold that it has counted and whose end the thread may not have told of, so
    /// that the count is to be taken out again; or 0.
    /// </summary>
    internal long Settle()
    {
        long token = _counted;
        if (token == 0)
        {
            return 0;
        }

        // While it is held, the thread looks at _moved only later, and finds it.
        _counted = 0;
        return !IsHeld(token) && TryTakeMoved(token) ? token : 0;
    }

    /// <summary>
    /// Takes a hold back under which the bias was revoked. False if the revocation has found and counted it: then it is a hold as others
    /// are, and to undo it would have refused somebody for nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool TryWithdraw(long token)
    {
        // What an earlier hold here left in it was settled before the lock was left of the revocation that put it there, and so before
        // the one that this hold ran into.
        if (Interlocked.CompareExchange(ref _moved, Withdrawn, 0) != 0)
        {
            return false;
        }

        Volatile.Write(ref _state, 0);
        Volatile.Write(ref _moved, 0);
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Padding;
}
