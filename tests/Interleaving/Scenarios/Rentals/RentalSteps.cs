using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>What one thread of a <see cref="RentalScenario"/> does.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="thread">The thread.</param>
/// <param name="first">The rental of the start.</param>
/// <param name="start">The thread's hold, which may be a copy of it.</param>
/// <param name="made">Where the holds are noted that the thread makes.</param>
internal sealed class RentalSteps(RentalScenario scenario, int thread, RentalHold first, RentalHold start, List<RentalHold> made)
{
    private readonly RentalHold _start = start;
    private RentalHold? _hold = start;
    private RentalHold? _second;

    // The rental that the hold is of, which the thread may have downgraded or split since.
    private RentalHold _rental = first;
    private bool _isShown;
    private int _done;

    /// <summary>Adds where the thread is, and what it has.</summary>
    public void AddTo(ref StateHash state)
    {
        state.Add((long)_done);
        state.Add(_hold?.Token.Value ?? 0);
        state.Add(_second?.Token.Value ?? 0);
        state.Add(_rental.Token.Value);
        state.Add(_isShown ? 1L : 0);
    }

    /// <summary>Does a step.</summary>
    public void Do(char step)
    {
        _done++;
        try
        {
            Answer(step);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or BufferException)
        {
            // The hold ended before, or somebody else was changing it.
        }
    }

    private void Answer(char step)
    {
        switch (step)
        {
            case 'r':
                Release(ref _hold);
                break;
            case 'x':
                Release(ref _second);
                break;
            case 's':
                _start.NoteEnd(ProbeBlock.End(_start.Token.Ticket!, _start.Token.Value));
                break;
            case 'n':
                if ((_hold = scenario.Rent(thread)) is not null)
                {
                    made.Add(_hold);
                    _rental = _hold;
                }

                break;
            case 't':
                scenario.Trim();
                break;
            default:
                if (_hold is not null)
                {
                    Change(step, _hold);
                }

                break;
        }
    }

    private void Change(char step, RentalHold hold)
    {
        switch (step)
        {
            case 'u':
                HoldToken use = HoldConversion.Keep(hold.Token);
                hold.LookAtBytes();
                RentalScenario.Check(use.EndOnce(), "A use was ended by somebody else.");
                break;
            case 'e':
                _isShown = hold.Block.Expose(hold.Token);
                _rental.IsExposed |= _isShown;
                _rental.LateChanges += _isShown ? 0 : 1;
                break;
            case 'd':
                Replace(hold, hold.Token.Downgrade(HoldKind.Immutable));
                break;
            case 'h':
                _second = Make(hold, hold.Token.Share());
                break;
            case 'y':
                _second = Make(hold, hold.Token.Share(0, 0));
                break;
            case 'p':
                // If the hold is released meanwhile, its parts end, and with them the rental.
                _rental.LateChanges++;
                (HoldToken left, HoldToken right) = hold.Token.Split(RentalHold.Length / 2);
                _second = Make(hold, right);
                Replace(hold, left);
                break;
            case 'z' when _isShown:
                RangeRequest nothing = new(0, 0, hold.Block.Size);
                _second = Make(hold, hold.Block.TakeRange(ConflictTable.ReadIndex, nothing, scoped: false, conflictThrows: true));
                break;
            case '0':
                Replace(hold, ResizeToNothing(hold.Block, hold.Token));
                break;
        }
    }

    // Of what was made after the start nobody has a copy, so that it must be alive.
    private void Release(ref RentalHold? hold)
    {
        if (hold is not null)
        {
            if (hold != _start)
            {
                hold.LookAtBytes();
                RentalScenario.Check(!_isShown || !hold.Block.IsClosed, "The block was closed under a hold.");
            }

            hold.NoteEnd(ProbeBlock.End(hold.Token.Ticket!, hold.Token.Value));
            hold = null;
        }
    }

    private RentalHold Make(RentalHold from, HoldToken token)
    {
        RentalHold hold = from.Make(token);
        made.Add(hold);
        return hold;
    }

    private void Replace(RentalHold hold, HoldToken token)
    {
        hold.NoteEnd(true);
        _rental.IsChanged = true;
        _hold = Make(hold, token);
    }

    // As Region.Resize and Region.ResizeRental.
    private static HoldToken ResizeToNothing(ProbeBlock block, HoldToken token)
    {
        Ticket ticket = token.Ticket!;
        if (!ticket.TryUse(token.Value))
        {
            throw HoldErrors.Released(token.Kind);
        }

        try
        {
            block.BeginResize(token, 0);
            bool resized = false;
            try
            {
                TakeStatus status = ticket.TryConsume(token.Value, ConflictTable.ExclusiveIndex, inUse: true, out HoldToken renewed);
                resized = status == TakeStatus.Taken;
                return resized ? renewed : throw HoldErrors.NotConsumed(status, token.Kind, "Resize", block);
            }
            finally
            {
                block.EndResize(token, resized ? 0 : RentalHold.Length, resized);
            }
        }
        finally
        {
            ticket.EndUse();
        }
    }
}
