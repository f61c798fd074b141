using System.Buffers;

namespace FastBuffers.Tests.Pooling.Model;

// What is done to rentals.
internal sealed partial class PoolProgram
{
    // What an operation is for; now and then, something that it is not for.
    private static Func<PoolHold, bool> SuitedTo(PoolStep step) => step.Operation switch
    {
        PoolOperation.Release => static _ => true,
        PoolOperation.Write => hold => !hold.IsPin && (IsWild(step) || hold.Model.IsWritable),
        PoolOperation.Look or PoolOperation.Pin => static hold => !hold.IsPin,
        PoolOperation.Split or PoolOperation.Join or PoolOperation.Freeze or PoolOperation.Resize =>
            hold => hold.IsLease && (IsWild(step) || hold.Model.Kind == HoldKind.Exclusive),
        _ => static hold => hold.IsLease,
    };

    private static bool IsWild(PoolStep step) => step.Other % 16 == 0;

    private void Step(PoolStep step, PoolHold hold)
    {
        switch (step.Operation)
        {
            case PoolOperation.Release:
                Release(step.Thread, hold);
                break;
            case PoolOperation.Share:
                Share(step, hold);
                break;
            case PoolOperation.Split:
                Split(step, hold);
                break;
            case PoolOperation.Write:
                Write(step, hold);
                break;
            case PoolOperation.Look:
                Look(step, hold);
                break;
            case PoolOperation.Pin:
                Pin(step, hold);
                break;
            case PoolOperation.Take:
                Take(step, hold);
                break;
            case PoolOperation.Retire:
                Retire(step.Thread, hold);
                break;
            default:
                Change(step, hold);
                break;
        }
    }

    private void Release(int thread, PoolHold hold)
    {
        Note($"thread {thread}: {hold}.Dispose()");
        On(thread, hold.Release);
        Answer answer = hold.Of.Holds.Release(hold.Model);
        _model.DoubleReturns += answer != Answer.Ok && hold.IsRental && hold.Of.IsPooled ? 1 : 0;
    }

    // A lease that is consumed, and what it becomes.
    private void Change(PoolStep step, PoolHold hold)
    {
        HoldModel holds = hold.Of.Holds;
        HoldKind kind = Kinds.All[step.Kind];
        PoolHold other = hold;
        Lease lease = hold.Lease;
        Lease result = default;
        ModelHold? made = null;
        switch (step.Operation)
        {
            case PoolOperation.Downgrade:
                kind = Towards(step, hold.Model.Kind, Kinds.IsDowngrade);
                Same(
                    holds.Downgrade(hold.Model, kind, out made),
                    Attempt(step.Thread, () => (result = lease.Downgrade(kind)) != default),
                    $"#{_holds.Count} = thread {step.Thread}: {hold}.Downgrade({kind})");
                break;
            case PoolOperation.Upgrade:
                kind = Towards(step, hold.Model.Kind, Kinds.IsUpgrade);
                Same(
                    holds.Upgrade(hold.Model, kind, out made),
                    Attempt(step.Thread, () => lease.TryUpgrade(kind, out result)),
                    $"#{_holds.Count} = thread {step.Thread}: {hold}.TryUpgrade({kind})");
                break;
            case PoolOperation.Join:
                other = Partner(step, hold);
                Same(
                    HoldModel.Join(hold.Model, other.Model, out made),
                    Attempt(step.Thread, () => Lease.TryJoin(lease, other.Lease, out result)),
                    $"#{_holds.Count} = thread {step.Thread}: TryJoin({hold}, {other})");
                break;
            case PoolOperation.Freeze:
                Same(
                    holds.FreezeThrough(hold.Model, out made),
                    Attempt(step.Thread, () => (result = lease.Freeze()) != default),
                    $"#{_holds.Count} = thread {step.Thread}: {hold}.Freeze()");
                break;
            default:
                Same(
                    _model.Resize(hold.Of, hold.Model, step.Length, out made),
                    Attempt(step.Thread, () => (result = lease.Resize(step.Length)) != default),
                    $"#{_holds.Count} = thread {step.Thread}: {hold}.Resize({step.Length})");
                break;
        }

        AssertEqual(made is not null, result != default, "a lease");
        if (made is not null)
        {
            PoolHold changed = Add(hold, made, result, isRental: hold.IsRental && step.Operation != PoolOperation.Join);
            if (step.Operation == PoolOperation.Resize)
            {
                changed.Check(all: true);
                Place(changed);
            }
        }
    }

    // One of the kinds that a hold can be converted to; now and then, any.
    private static HoldKind Towards(PoolStep step, HoldKind from, Func<HoldKind, HoldKind, bool> isLegal)
    {
        int kind = step.Kind;
        for (int i = 0; i < Kinds.All.Length && !IsWild(step) && !isLegal(from, Kinds.All[kind]); i++)
        {
            kind = (kind + 1) % Kinds.All.Length;
        }

        return Kinds.All[kind];
    }

    private void Share(PoolStep step, PoolHold hold)
    {
        bool whole = step.Throws;
        HoldKind kind = whole || step.Other % 4 == 0 ? hold.Model.Kind : Kinds.All[step.Kind];
        int start = whole ? 0 : Within(step.Place, hold.Model.Length);
        int length = whole ? hold.Model.Length : Within(step.On / 128, Math.Max(0, hold.Model.Length - start));
        Lease share = default;
        Same(
            hold.Of.Holds.Share(hold.Model, start, length, kind, out ModelHold? made),
            Attempt(step.Thread, () => (share = whole ? hold.Lease.Share() : hold.Lease.Share(start, length, kind)) != default),
            $"#{_holds.Count} = thread {step.Thread}: {hold}.Share({start}, {length}, {kind})");
        if (made is not null)
        {
            Add(hold, made, share);
        }
    }

    private void Split(PoolStep step, PoolHold hold)
    {
        int at = Within(step.Place, hold.Model.Length);
        (Lease Left, Lease Right) parts = default;
        Same(
            hold.Of.Holds.Split(hold.Model, at, out ModelHold? left, out ModelHold? right),
            Attempt(step.Thread, () => (parts = hold.Lease.Split(at)) != default),
            $"#{_holds.Count}, #{_holds.Count + 1} = thread {step.Thread}: {hold}.Split({at})");
        if (left is not null)
        {
            Add(hold, left, parts.Left);
            Add(hold, right!, parts.Right);
        }
    }

    // Mostly the part that comes next, if it is there.
    private PoolHold Partner(PoolStep step, PoolHold hold)
    {
        bool Follows(PoolHold other) => other.IsLease && other.Of == hold.Of && other.Model.Start == hold.Model.End;
        return (step.Throws ? null : Pick(step.Other, Follows)) ?? Pick(step.Other, static other => other.IsLease) ?? hold;
    }

    private void Write(PoolStep step, PoolHold hold)
    {
        Answer expected = !hold.Model.IsLive ? Answer.Dead : !hold.Model.IsWritable ? Answer.Unsupported : Answer.Ok;
        Same(
            expected,
            Attempt(step.Thread, () =>
            {
                Span<byte> bytes = hold.Writable(step.Throws);
                AssertEqual(hold.Model.Length, bytes.Length, "length");
                Fill(hold, bytes);
                return true;
            }),
            $"thread {step.Thread}: {hold}.Span.Fill()");
    }

    private void Look(PoolStep step, PoolHold hold)
    {
        Same(
            hold.Model.IsLive ? Answer.Ok : Answer.Dead,
            Attempt(step.Thread, () =>
            {
                AssertEqual(true, hold.Bytes(step.Throws).SequenceEqual(hold.Expected), $"bytes of {hold}");
                return true;
            }),
            $"thread {step.Thread}: {hold}.Span");
    }

    private void Pin(PoolStep step, PoolHold hold)
    {
        MemoryHandle pin = default;
        Same(
            hold.Of.Holds.Use(hold.Model, out ModelHold? made),
            Attempt(step.Thread, () =>
            {
                pin = hold.Owner?.Memory.Pin() ?? hold.Lease.Pin();
                return true;
            }),
            $"#{_holds.Count} = thread {step.Thread}: {hold}.Pin()");
        if (made is not null)
        {
            _holds.Add(new PoolHold(_holds.Count, hold.Of, made) { Pin = pin });
        }
    }

    // Through the region, which is not used again from here on; one of a rental that has ended is dead.
    private void Take(PoolStep step, PoolHold hold)
    {
        ModelRental rental = hold.Of;
        HoldKind kind = Kinds.All[step.Kind];
        Region? region = rental.Region;
        Lease lease = default;
        bool throughLease = region is null || step.Throws;
        Answer answer = Attempt(step.Thread, () =>
        {
            region = throughLease ? hold.Lease.Region : region!;
            return region.TryTake(kind, out lease);
        });
        ModelHold? made = null;
        Answer expected = throughLease && !hold.Model.IsLive ? Answer.Dead : rental.Holds.Take(kind, out made);
        string on = throughLease ? $"{hold}.Region" : $"the region of {hold}";
        Same(expected, answer, $"#{_holds.Count} = thread {step.Thread}: {on}.TryTake({kind})");
        AssertEqual(true, rental.Region is null || rental.Region == region, "one region for a rental");
        rental.Region = region;
        if (made is not null)
        {
            Add(hold, made, lease);
        }
    }

    // Of the region: no more holds are taken, and the rental goes on.
    private void Retire(int thread, PoolHold hold)
    {
        Answer answer = Attempt(thread, () =>
        {
            Region region = hold.Lease.Region;
            hold.Of.Region = region;
            region.Dispose();
            return true;
        });
        Same(hold.Model.IsLive ? Answer.Ok : Answer.Dead, answer, $"thread {thread}: {hold}.Region.Dispose()");
        if (answer == Answer.Ok)
        {
            hold.Of.Holds.Retire();
        }
    }

    // A place, or a number of bytes: inside but for the first ones, and half of them near the start.
    private static int Within(int number, int limit) => number switch
    {
        0 => -1,
        1 => limit + 1,
        2 => int.MaxValue,
        _ => (number & 1) == 0 ? number % (limit + 1) : (int)((long)limit * (number & 63) / 63),
    };

    private PoolHold Add(PoolHold from, ModelHold model, Lease lease, bool isRental = false)
    {
        var hold = new PoolHold(_holds.Count, from.Of, model) { Lease = lease, IsRental = isRental };
        _holds.Add(hold);
        return hold;
    }
}
