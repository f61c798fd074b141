using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <content>
/// The bias of a domain to readers, who then take and end scoped Read and Immutable holds by plain stores, each in a slot of its own thread.
/// </content>
/// <remarks>
/// <para><b>The anchor.</b> While there is a bias, the word counts one Immutable hold that belongs to it. So whatever conflicts with biased
/// readers fails on the word, and only its slow path asks whether there is a bias, revokes it, and looks again. Nothing that is fast where
/// there is none looks for it.</para>
/// <para><b>The key.</b> <see cref="_bias"/> is the key of the present bias: above 0, fresh each time, never reused. Else it is a stamp:
/// negated, the time before which there shall be none again (0 at the start), another one after each bias. Between the two it is
/// Switching, which is set before the anchor comes, until there is a key, and again while the anchor goes. A key and Switching are changed
/// under a lock. So who finds the same stamp before and after he was refused was not refused for an anchor, nor for a count that a revocation
/// has put into the word for an instant.</para>
/// <para><b>A reader</b> writes key and state into its slot, then reads the key again. <b>Who revokes</b> takes the key away, issues a fence
/// for all threads (<see cref="Interlocked.MemoryBarrierProcessWide"/>), then looks at the slots. So one of the two sees the other. Each
/// reader that is found gets a count in the word, beside the anchor, with which nothing can be there that conflicts; then it is told. After
/// a second fence, either it still holds, and finds that out when it leaves, after its plain store; or both contend for the count, by
/// compare-and-swap. Only then the anchor goes. So nobody is refused for readers that are not there, and no reader has to do anything.</para>
/// <para><b>Waiting.</b> Only one bias in the process is switched at a time, under a lock. Whoever is in conflict with readers of a domain
/// whose bias is being revoked waits for that: some microseconds, most of them for the fences. Readers wait for nobody.</para>
/// </remarks>
internal partial struct Tracker
{
    private const long Switching = long.MinValue;

    // The stamp of what will never be biased again.
    private const long Never = -long.MaxValue;

    // What has to be clear for a bias, besides Write and Exclusive.
    private const long Unbiasable = HoldWord.Closed | HoldWord.Wide | HoldWord.Checked | HoldWord.Retired | HoldWord.Ranged;

    /// <summary>The key of the bias; 0 or less if there is none.</summary>
    internal long BiasKey => Volatile.Read(ref _bias);

    /// <summary>Whether there is a bias.</summary>
    internal bool IsBiased => BiasKey > 0;

    /// <summary>
    /// Takes a Read or Immutable hold in a slot of the calling thread, if there is a bias. Lock-free. Null refuses nothing: then the word decides.
    /// </summary>
    /// <returns>The slot that the hold is in.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReaderSlot? Enter(int index, out long token)
    {
        // One way out of this and of what it calls, with no flag that says which it was: the compiler keeps slot and token in registers.
        ReaderSlot? slot = null;
        token = 0;
        long key = Volatile.Read(ref _bias);
        if (key > 0)
        {
            nuint page = ReaderSlots.Page;
            slot = Enter(ReaderSlots.At(page), page, key, index, out token);
        }

        return slot;
    }

    /// <summary>The same, under a key that was there, for who runs in a page and has found a slot in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReaderSlot? Enter(ReaderSlot found, nuint page, long key, int index, out long token)
    {
        ReaderSlot? slot = found;
        token = found.NextToken(index);
        if (!found.IsFreeAt(page) || !TryEnter(found, key, token))
        {
            slot = EnterSlow(found, page, index, token);
            token = slot is null ? 0 : slot.State;
        }

        return slot;
    }

    /// <summary>
    /// Begins a bias, if there is nothing in the way of one and the time has come. True if somebody came to wait meanwhile, so that there is
    /// none: then what follows a release has to be done.
    /// </summary>
    internal bool TryBias()
    {
        long stamp = Volatile.Read(ref _bias);
        if (stamp > 0 || stamp == Switching || BiasSwitch.Now < -stamp)
        {
            return false;
        }

        bool undone = false;
        BiasSwitch.Enter();
        if (stamp == 0)
        {
            Interlocked.CompareExchange(ref _bias, BiasSwitch.FirstStamp(), stamp);
        }
        else if (Interlocked.CompareExchange(ref _bias, Switching, stamp) == stamp)
        {
            long next = stamp;
            if (TryAnchor())
            {
                // A waiter says so, then tries; this anchors, then looks for one.
                undone = HasOthers;
                next = BiasSwitch.NextKey();
                if (undone)
                {
                    ReleaseShared(ConflictTable.ImmutableIndex, IdentityPlace.Ticket);
                    next = BiasSwitch.NextStamp(BiasSwitch.Now);
                }
            }

            Volatile.Write(ref _bias, next);
        }

        BiasSwitch.Exit();
        return undone;
    }

    /// <summary>Ends the bias, for good: no reader comes after this but by the word.</summary>
    internal void EndBias()
    {
        long stamp;
        while ((stamp = Volatile.Read(ref _bias)) != Never)
        {
            if (stamp > 0 || stamp == Switching)
            {
                Revoke(forGood: true);
            }
            else
            {
                Interlocked.CompareExchange(ref _bias, Never, stamp);
            }
        }
    }

    /// <summary>Adds what the word does not tell: the biased readers, and that the anchor is no hold. Advisory.</summary>
    internal void CountReaders(ref int reads, ref int immutables)
    {
        long key = Volatile.Read(ref _bias);
        if (key <= 0)
        {
            return;
        }

        immutables = Math.Max(immutables - 1, 0);
        foreach (ReaderSlot slot in ReaderSlots.All)
        {
            if (slot.Find(key) is not 0 and long token)
            {
                _ = ReaderSlot.IndexOf(token) == ConflictTable.ReadIndex ? reads++ : immutables++;
            }
        }
    }

    // Whether the domain still has the key afterwards. No fence in between: who revokes issues one for all threads, after he took the key
    // away and before he looks at the slots.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEnter(ReaderSlot slot, long key, long token)
    {
        slot.Enter(key, token);
        return Volatile.Read(ref _bias) == key;
    }

    // When the slot that was found has been entered, but the key has gone; or is not to be entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReaderSlot? EnterSlow(ReaderSlot found, nuint page, int index, long token)
    {
        ReaderSlot? slot = found;
        if (found.Page != page || !found.IsHeld(token))
        {
            long key = Volatile.Read(ref _bias);
            slot = key > 0 ? ReaderSlots.Another(page) : null;
            if (slot is null)
            {
                return null;
            }

            token = slot.NextToken(index);
            if (TryEnter(slot, key, token))
            {
                return slot;
            }
        }

        return slot.TryWithdraw(token) ? null : slot;
    }

    /// <summary>
    /// Ends a bias, if the kind conflicts with readers. The stamp that there is then, for <see cref="WasBiased"/>; of a bias that is left,
    /// Switching, with which any refusal may have been for it.
    /// </summary>
    private long Unbias(int index)
    {
        long bias = Volatile.Read(ref _bias);
        return bias > 0 || bias == Switching
            ? (ConflictTable.With(index) & HoldKind.Immutable) != 0 ? Revoke(forGood: false) : Switching
            : bias;
    }

    /// <summary>
    /// Whether a refusal may have been for a bias: then that is over, the stamp is another one, and what was refused is to be tried again.
    /// </summary>
    private bool WasBiased(TakeStatus status, ref long stamp)
    {
        if (status is not (TakeStatus.Conflict or TakeStatus.Full) || (stamp != Switching && Volatile.Read(ref _bias) == stamp))
        {
            return false;
        }

        stamp = Revoke(forGood: false);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Revoke(bool forGood)
    {
        BiasSwitch.Enter();
        long stamp = Volatile.Read(ref _bias);
        if (stamp > 0)
        {
            long began = BiasSwitch.Now;
            Volatile.Write(ref _bias, Switching);
            Interlocked.MemoryBarrierProcessWide();
            MoveReaders(stamp);
            ReleaseShared(ConflictTable.ImmutableIndex, IdentityPlace.Ticket);
            stamp = forGood ? Never : BiasSwitch.NextStamp(began);
            Volatile.Write(ref _bias, stamp);
        }
        else if (forGood)
        {
            Volatile.Write(ref _bias, Never);
        }

        BiasSwitch.Exit();
        return stamp;
    }

    // Puts the counts of those into the word who hold under the key.
    private void MoveReaders(long key)
    {
        ReadOnlySpan<ReaderSlot> slots = ReaderSlots.All;
        bool found = false;
        foreach (ReaderSlot slot in slots)
        {
            long token = slot.Find(key);
            if (token == 0)
            {
                continue;
            }

            // Counted first: once the thread is told, it may take the count out again.
            AddReader(ReaderSlot.IndexOf(token));
            if (slot.TryMove(token))
            {
                found = true;
            }
            else
            {
                ReleaseShared(ReaderSlot.IndexOf(token), IdentityPlace.Ticket);
            }
        }

        if (!found)
        {
            return;
        }

        Interlocked.MemoryBarrierProcessWide();
        foreach (ReaderSlot slot in slots)
        {
            long token = slot.Settle();
            if (token != 0)
            {
                ReleaseShared(ReaderSlot.IndexOf(token), IdentityPlace.Ticket);
            }
        }
    }

    // Only the limit of holds can be in the way, 262,143 that are taken in these few steps beside the readers: the word was narrow when the
    // bias began.
    private void AddReader(int index)
    {
        SpinWait spinner = default;
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (!TryAdd(word, index, out long next))
            {
                spinner.SpinOnce();
            }
            else if (Interlocked.CompareExchange(ref _word, next, word) == word)
            {
                return;
            }
        }
    }

    // As a take does, of which nobody is the holder: reads _others after the word, and wins that very word or nothing.
    private bool TryAnchor()
    {
        long word = Volatile.Read(ref _word);
        return (word & Unbiasable) == 0
            && !HoldWord.Blocks(word, ConflictTable.ImmutableIndex)
            && !HoldWord.IsFull(word)
            && TryTakeAt(word, word + HoldWord.One(word, ConflictTable.ImmutableIndex));
    }
}
