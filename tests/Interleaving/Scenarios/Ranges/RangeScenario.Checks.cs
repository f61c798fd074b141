using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <content>What must hold between any two steps, and at the end.</content>
internal sealed partial class RangeScenario
{
    private readonly RangeEntry[] _entries = new RangeEntry[4 * Slots];
    private StateHash _tableContent;
    private Frontier? _seenFrontier;
    private long _seenPosition;

    public override void CheckStep()
    {
        for (int thread = 0; thread < programs.Length; thread++)
        {
            _history.Advance(thread, StepsOf(thread));
        }

        for (int thread = 0; thread < programs.Length; thread++)
        {
            _history.Flushed(thread, FlushesOf(thread));
        }

        int holds = programs.Length * RangeProgram.Holds;
        for (int a = 0; a < holds; a++)
        {
            ModelHold held = Believed(a);
            if (held.IsNone)
            {
                continue;
            }

            Require(_domain.Closed == 0, "The domain was closed under a hold.");
            for (int b = 0; b < a; b++)
            {
                Require(!RangeBelief.Exclude(_beliefs[a], held, _beliefs[b], Believed(b)), "Two threads hold what excludes each other.");
            }
        }

        _tableContent = default;
        if (_domain.Tracker.Ranges is { } table)
        {
            CheckTable(table);
        }
    }

    public override void CheckEnd()
    {
        CheckStep();
        var model = new RangeModel(RangeProgram.Length);
        for (int thread = 0; thread < programs.Length; thread++)
        {
            foreach ((int index, ModelHold held) in programs[thread].Starts.Index())
            {
                model.Hold((thread * RangeProgram.Holds) + index, held);
            }
        }

        if (start == TableStart.Full)
        {
            model.Hold(RangeModel.NobodysHold, Fillers);
        }

        Require(_history.IsExplainedBy(model), $"No order of the calls explains their answers: {_history}");
        Require(_domain.Tracker.Ranges is not { } table || TableProbe.IsFree(table), "The table's lock was not left.");
        ReleaseAll();
        CheckIdle();
    }

    private static bool Excludes(in ModelHold held, in ModelHold other) =>
        held.Appends ? held.Excludes(other.Kind, other.Start, other.End) : other.Excludes(held.Kind, held.Start, held.End);

    // A call that ends or changes a hold shakes the belief with its first step, not when it is announced.
    private ModelHold Believed(int hold)
    {
        ref RangeBelief belief = ref _beliefs[hold];
        return _history.HasBegunAny(belief.Calls) ? belief.During : belief.Hold;
    }

    private void CheckTable(RangeTable table)
    {
        int count = TableProbe.Copy(table, _entries);
        Span<RangeEntry> entries = _entries.AsSpan(0, count);
        foreach (ref readonly RangeEntry entry in entries)
        {
            StateHash one = default;
            one.Add((entry.Start << 8) | entry.End);
            one.Add((long)entry.Kind);
            _tableContent.Join(one);
        }

        // Who comes next gets the uppermost, so the order of the free ones counts too.
        StateHash slots = default;
        foreach (RangeSlot slot in TableProbe.FreeSlots(table))
        {
            slots.Add((long)Array.IndexOf(_slots, slot));
        }

        foreach (RangeSlot? slot in _slots)
        {
            slots.Add((long)(slot?.Kind ?? HoldKind.None));
        }

        slots.Add(TableProbe.IsLone(table) ? 1 : 0L);
        _tableContent.Join(slots);

        Frontier? frontier = table.Frontier;
        Require(frontier is null || frontier != _seenFrontier || frontier.Position >= _seenPosition, "The frontier went down.");
        (_seenFrontier, _seenPosition) = (frontier, frontier?.Position ?? 0);
        if (!TableProbe.IsFree(table))
        {
            return;
        }

        // The appender's part is listed last, also when nothing of it is left.
        long word = _domain.Tracker.Word;
        Require(count == 0 || HoldWord.IsRanged(word), "Parts are held, and the word does not say so.");
        Require(!HoldWord.IsRanged(word) || (word & HoldWord.Exclusive) == 0, "All is held Exclusive, and the word is ranged.");
        for (int a = 0; a < count; a++)
        {
            var held = new ModelHold(entries[a].Kind, (byte)entries[a].Start, (byte)entries[a].End, Appends: frontier is not null && a == count - 1);
            for (int b = 0; b < a; b++)
            {
                Require(!held.Excludes(entries[b].Kind, (int)entries[b].Start, (int)entries[b].End), "Two parts exclude each other.");
            }

            for (int kind = 0; kind < ConflictTable.ExclusiveIndex; kind++)
            {
                bool excluded = HoldWord.Count(word, kind) != 0 && held.Excludes(ConflictTable.Kind(kind), 0, RangeProgram.Length);
                Require(!excluded, "A part and the whole exclude each other.");
            }
        }

        for (int hold = 0; hold < programs.Length * RangeProgram.Holds; hold++)
        {
            bool stored = StoresOf(hold / RangeProgram.Holds) == FlushesOf(hold / RangeProgram.Holds);
            Require(!stored || _beliefs[hold].Calls != 0 || IsInTable(hold, entries), "The table has lost a hold.");
        }
    }

    private bool IsInTable(int hold, ReadOnlySpan<RangeEntry> entries)
    {
        ModelHold believed = _beliefs[hold].Hold;
        RangeSlot? slot = _tokens[hold].Source switch
        {
            RangeSlot own => own,
            Ticket { Extent.Form: HoldForm.Part } ticket => ticket.Extent.Slot,
            _ => null,
        };
        return slot is null || believed.IsNone
            || (slot.Entry.Start == believed.Start && slot.Entry.End == believed.End && entries.Contains(slot.Entry));
    }

    private void ReleaseAll()
    {
        for (int hold = 0; hold < _tokens.Length; hold++)
        {
            if (!_tokens[hold].IsDefault && !_beliefs[hold].Hold.IsNone)
            {
                Require(
                    programs[hold / RangeProgram.Holds].IsScoped ? ScopedHolds.End(_tokens[hold], _beliefs[hold].Hold.Kind) : _tokens[hold].EndOnce(),
                    "A hold that nobody has released has ended.");
            }
        }

        _fillers.ForEach(filler => Require(filler.EndOnce(), "A hold of the start has ended."));
    }

    // Nothing is left, and the next Exclusive hold, if there may be one, finds nothing in its way.
    private void CheckIdle()
    {
        long word = _domain.Tracker.Word;
        Require(!HoldWord.HasHolds(word) && !HoldWord.HasEmbedded(word) && _domain.Tracker.EmptyHolds == 0, $"Holds are left: {Describe("word", word)}");
        Require(_domain.Tracker.Ranges is not { IsEmpty: false }, "Holds are left in the table.");
        Require((word & HoldWord.OwnTicket) == 0, "The domain's own ticket is still given away.");
        bool retired = Retires > 0 || _history.Has(CallKind.Free, Outcome.Done);
        Require(_domain.Closed == (retired ? 1 : 0), $"The domain was closed {_domain.Closed} times.");
        if (!retired && !_domain.IsFrozen && _domain.ByteLength != 0)
        {
            HoldToken all = _domain.TakeToken(HoldKind.Exclusive, conflictThrows: false);
            Require(!all.IsDefault && !HoldWord.IsRanged(_domain.Tracker.Word), "The ranged mode was not left.");
            all.TryRelease();
        }
    }
}
