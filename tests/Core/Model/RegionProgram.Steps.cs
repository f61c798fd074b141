using System.Buffers;

namespace FastBuffers.Tests.Model;

// What each operation does.
internal sealed partial class RegionProgram
{
    private void Step(RegionStep step)
    {
        HoldKind kind = Kinds.All[step.Kind];
        RegionView view = View(step.On);
        if (step.Operation >= RegionOperation.Release)
        {
            if (Pick(step.On, SuitedTo(step)) is { } hold)
            {
                Step(step, hold, kind);
                return;
            }

            step = step with { Operation = RegionOperation.Take };
        }

        switch (step.Operation)
        {
            case RegionOperation.Slice:
                Slice(step, view);
                break;
            case RegionOperation.Scoped:
                TakeScoped(step, view, kind);
                break;
            case RegionOperation.Append:
                Append(view.Of);
                break;
            case RegionOperation.Resize when view.Of.CanResize:
                Resize(view.Of, Within(step.Length, 16));
                break;
            case RegionOperation.TryFree:
                Same(view.Of.Model.TryFree(), Answers.Of(view.Of.Region.TryFree), $"{view.Of.Name}.TryFree()");
                break;
            case RegionOperation.Dispose:
                Note($"{view.Of.Name}.Dispose()");
                view.Of.Model.Retire();
                view.Of.Region.Dispose();
                break;
            case RegionOperation.List:
                Note($"{view.Of.Name}.GetHolds()");
                view.Of.CheckList();
                break;
            default:
                Take(step, view, kind);
                break;
        }
    }

    // What an operation is for; now and then, something that it is not for.
    private static Func<RegionHold, bool> SuitedTo(RegionStep step) => step.Operation switch
    {
        RegionOperation.Release => static _ => true,
        RegionOperation.Publish => static hold => hold.IsAppender,
        RegionOperation.Write => hold => hold.IsAppender || (hold.IsLease && (IsWild(step) || hold.Model.IsWritable)),
        RegionOperation.Split or RegionOperation.Join or RegionOperation.Freeze => hold => hold.IsLease && (IsWild(step) || IsExclusive(hold)),
        RegionOperation.ResizeThrough => hold => hold.IsLease && hold.Of.CanResize && (IsWild(step) || IsExclusive(hold)),
        _ => static hold => hold.IsLease,
    };

    private static bool IsWild(RegionStep step) => step.Other % 16 == 0;

    private static bool IsExclusive(RegionHold hold) => hold.Model.Kind == HoldKind.Exclusive;

    // One of the kinds that a hold can be converted to; now and then, any.
    private static HoldKind Towards(RegionStep step, HoldKind from, Func<HoldKind, HoldKind, bool> isLegal)
    {
        int kind = step.Kind;
        for (int i = 0; i < Kinds.All.Length && !IsWild(step) && !isLegal(from, Kinds.All[kind]); i++)
        {
            kind = (kind + 1) % Kinds.All.Length;
        }

        return Kinds.All[kind];
    }

    private void Step(RegionStep step, RegionHold hold, HoldKind kind)
    {
        Lease lease = hold.Lease;
        ModelHold? made = null;
        Lease result = default;
        switch (step.Operation)
        {
            case RegionOperation.Release:
                Note($"{hold}.Dispose()");
                hold.Of.Model.Release(hold.Model);
                hold.Release();
                return;
            case RegionOperation.Downgrade:
                kind = Towards(step, hold.Model.Kind, Kinds.IsDowngrade);
                Same(
                    hold.Of.Model.Downgrade(hold.Model, kind, out made),
                    Answers.Of(() => (result = lease.Downgrade(kind)) != default),
                    $"#{_holds.Count} = {hold}.Downgrade({kind})");
                break;
            case RegionOperation.Upgrade:
                kind = Towards(step, hold.Model.Kind, Kinds.IsUpgrade);
                Same(
                    hold.Of.Model.Upgrade(hold.Model, kind, out made),
                    Answers.Of(() => lease.TryUpgrade(kind, out result)),
                    $"#{_holds.Count} = {hold}.TryUpgrade({kind})");
                break;
            case RegionOperation.Share:
                Share(step, hold, kind);
                return;
            case RegionOperation.Split:
                Split(hold, Within(step.Start, hold.Model.Length));
                return;
            case RegionOperation.Join:
                RegionHold other = Partner(step, hold);
                Same(
                    HoldModel.Join(hold.Model, other.Model, out made),
                    Answers.Of(() => Lease.TryJoin(lease, other.Lease, out result)),
                    $"#{_holds.Count} = TryJoin({hold}, {other})");
                break;
            case RegionOperation.Freeze:
                Same(
                    hold.Of.Model.FreezeThrough(hold.Model, out made),
                    Answers.Of(() => (result = lease.Freeze()) != default),
                    $"#{_holds.Count} = {hold}.Freeze()");
                break;
            case RegionOperation.ResizeThrough:
                int length = Within(step.Length, 16);
                Same(
                    hold.Of.Model.ResizeThrough(hold.Model, length, out made),
                    Answers.Of(() => (result = lease.Resize(length)) != default),
                    $"#{_holds.Count} = {hold}.Resize({length})");
                hold.Of.Bytes = made is null ? hold.Of.Bytes : Resized(hold.Of.Bytes, length);
                break;
            case RegionOperation.Publish:
                int count = Within(step.Length, hold.Model.Length);
                Same(
                    HoldModel.Publish(hold.Model, count),
                    Answers.Of(() =>
                    {
                        hold.Appender.Publish(count);
                        return true;
                    }),
                    $"{hold}.Publish({count})");
                return;
            case RegionOperation.Write:
                Write(step, hold);
                return;
            case RegionOperation.Pin:
                Pin(hold);
                return;
            case RegionOperation.Open:
                Open(step, hold);
                return;
        }

        Assert.Equal(made is null, result == default);
        if (made is not null)
        {
            Add(hold.Of, made, result);
        }
    }

    private void Slice(RegionStep step, RegionView view)
    {
        int start = Within(step.Start, view.Length);
        int length = Within(step.Length, Math.Max(0, view.Length - start));
        RegionSlice slice = default;
        Answer expected = start < 0 || length < 0 || (long)start + length > view.Length ? Answer.BadArgument : Answer.Ok;
        Same(expected, Answers.Of(() => (slice = view.Slice(start, length)) != default), $"{view}.Slice({start}, {length})");
        if (expected == Answer.Ok)
        {
            // A slice of a dead slice is as dead.
            _views.Add(new RegionView(view.Of, slice, view.Start + start, length) { Size = view.IsSlice ? view.Size : view.Of.Model.Size });
        }
    }

    private void Take(RegionStep step, RegionView view, HoldKind kind)
    {
        HoldModel model = view.Of.Model;
        Lease lease = default;
        Answer expected = Thrown(step, model.Take(kind, view.Start, view.Length, view.IsSlice ? view.Size : model.Size, out ModelHold? made));
        Answer actual = Answers.Of(() => view.Take(kind, step.Throws, out lease), out BufferConflictException? conflict);
        Same(expected, actual, $"#{_holds.Count} = {view}.{Try(step)}Take({kind})");
        Assert.Equal(made is null, lease == default);
        if (made is not null)
        {
            Add(view.Of, made, lease);
        }
        else if (conflict is not null)
        {
            view.Of.CheckConflict(conflict, kind, view.Start, view.Length);
        }
    }

    // The next few steps are taken inside.
    private void TakeScoped(RegionStep step, RegionView view, HoldKind kind)
    {
        HoldModel model = view.Of.Model;
        Answer expected = Thrown(step, model.Take(kind, view.Start, view.Length, view.IsSlice ? view.Size : model.Size, out ModelHold? made));
        bool entered = false;
        Answer actual = Answers.Of(
            () => view.While(kind, step.Throws, bytes =>
            {
                entered = true;
                Same(expected, Answer.Ok, $"using ({view}.{Try(step)}Hold{kind}()) {{");
                Check();
                Play(_next + (step.Other % 8));
                Assert.True(bytes.SequenceEqual(view.Of.Bytes.AsSpan(view.Start, view.Length)), "scoped bytes");
            }),
            out BufferConflictException? conflict);
        Same(entered ? Answer.Ok : expected, actual, entered ? $"}}" : (FormattableString)$"{view}.{Try(step)}Hold{kind}()");
        if (made is not null)
        {
            model.Release(made);
        }
        else if (conflict is not null)
        {
            view.Of.CheckConflict(conflict, kind, view.Start, view.Length);
        }
    }

    private void Append(RegionUnderTest region)
    {
        AppendLease appender = default;
        Same(
            region.Model.Append(out ModelHold? made),
            Answers.Of(() => region.Region.TryAppend(out appender)),
            $"#{_holds.Count} = {region.Name}.TryAppend()");
        if (made is not null)
        {
            _holds.Add(new RegionHold(_holds.Count, region, made) { Appender = appender });
        }
    }

    private void Resize(RegionUnderTest region, int length)
    {
        Answer expected = region.Model.Resize(length);
        Same(
            expected,
            Answers.Of(() =>
            {
                region.Region.Resize(length);
                return true;
            }),
            $"{region.Name}.Resize({length})");
        region.Bytes = expected == Answer.Ok ? Resized(region.Bytes, length) : region.Bytes;
    }

    private void Share(RegionStep step, RegionHold hold, HoldKind kind)
    {
        bool whole = step.Throws;
        kind = whole || step.Other % 4 == 0 ? hold.Model.Kind : kind;
        int start = whole ? 0 : Within(step.Start, hold.Model.Length);
        int length = whole ? hold.Model.Length : Within(step.Length, Math.Max(0, hold.Model.Length - start));
        Lease share = default;
        Same(
            hold.Of.Model.Share(hold.Model, start, length, kind, out ModelHold? made),
            Answers.Of(() => (share = whole ? hold.Lease.Share() : hold.Lease.Share(start, length, kind)) != default),
            $"#{_holds.Count} = {hold}.Share({start}, {length}, {kind})");
        if (made is not null)
        {
            Add(hold.Of, made, share);
        }
    }

    private void Split(RegionHold hold, int at)
    {
        (Lease Left, Lease Right) parts = default;
        Same(
            hold.Of.Model.Split(hold.Model, at, out ModelHold? left, out ModelHold? right),
            Answers.Of(() => (parts = hold.Lease.Split(at)) != default),
            $"#{_holds.Count}, #{_holds.Count + 1} = {hold}.Split({at})");
        if (left is not null)
        {
            Add(hold.Of, left, parts.Left);
            Add(hold.Of, right, parts.Right);
        }
    }

    // Mostly the part that comes next, if it is there.
    private RegionHold Partner(RegionStep step, RegionHold hold)
    {
        bool Follows(RegionHold other) => other.IsLease && other.Of == hold.Of && other.Model.Start == hold.Model.End;
        return (step.Throws ? null : Pick(step.Other, Follows)) ?? Pick(step.Other, static other => other.IsLease) ?? hold;
    }

    private void Write(RegionStep step, RegionHold hold)
    {
        byte value = (byte)step.Other;
        Answer expected = !hold.Model.IsLive ? Answer.Dead : !hold.Model.IsWritable ? Answer.Unsupported : Answer.Ok;
        Same(
            expected,
            Answers.Of(() =>
            {
                Span<byte> bytes = hold.IsAppender
                    ? step.Throws ? hold.Appender.Window.Memory.Span : hold.Appender.Window.Span
                    : step.Throws ? hold.Lease.Memory.Span : hold.Lease.Span;
                bytes.Fill(value);
                return true;
            }),
            $"{hold}.Span.Fill({value})");
        if (expected == Answer.Ok)
        {
            hold.Of.Bytes.AsSpan(hold.Model.Start, hold.Model.Length).Fill(value);
        }
    }

    private void Pin(RegionHold hold)
    {
        MemoryHandle pin = default;
        Same(
            hold.Of.Model.Use(hold.Model, out ModelHold? made),
            Answers.Of(() =>
            {
                pin = hold.Lease.Pin();
                return true;
            }),
            $"#{_holds.Count} = {hold}.Pin()");
        if (made is not null)
        {
            _holds.Add(new RegionHold(_holds.Count, hold.Of, made) { Pin = pin });
        }
    }

    // The next few steps are taken inside.
    private void Open(RegionStep step, RegionHold hold)
    {
        Answer expected = hold.Of.Model.Use(hold.Model, out ModelHold? made);
        bool entered = false;
        Answer actual = Answers.Of(() =>
        {
            using LeaseScope scope = hold.Lease.Open();
            entered = true;
            Same(expected, Answer.Ok, $"using ({hold}.Open()) {{");
            Check();
            Play(_next + (step.Other % 8));
            Assert.True(scope.ReadOnlySpan.SequenceEqual(hold.Of.Bytes.AsSpan(hold.Model.Start, hold.Model.Length)), "bytes of the scope");
            return true;
        });
        Same(entered ? Answer.Ok : expected, actual, entered ? $"}}" : (FormattableString)$"{hold}.Open()");
        if (made is not null)
        {
            hold.Of.Model.Release(made);
        }
    }

    private static byte[] Resized(byte[] bytes, int length)
    {
        byte[] resized = new byte[length];
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(resized);
        return resized;
    }

    private static Answer Thrown(RegionStep step, Answer answer) => step.Throws && answer == Answer.Refused ? Answer.Conflict : answer;

    private static string Try(RegionStep step) => step.Throws ? string.Empty : "Try";
}
