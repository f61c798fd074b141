using System.Buffers;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Model;

public enum RegionOperation
{
    Take,
    Scoped,
    Release,
    Downgrade,
    Upgrade,
    Share,
    Pin,
    Resize,
    ResizeThrough,
    FreezeThrough,
    TryFree,
    Dispose,
}

/// <summary>One step of a random program: which operation, on which of the leases so far, with a kind or a length.</summary>
public readonly record struct RegionStep(RegionOperation Operation, int Lease, int Kind, int Length);

/// <summary>Runs a program on a region and on the model, and fails at the first difference.</summary>
internal sealed class RegionProgram
{
    private readonly ForeignMemory? _foreign;
    private readonly Region _region;
    private readonly HoldModel _model;
    private readonly List<(Lease Lease, MemoryHandle Pin)> _holds = [];

    /// <param name="length">The length to start with.</param>
    /// <param name="foreign">Over memory whose freeing can be seen, which cannot be resized; else native.</param>
    internal RegionProgram(int length, bool foreign)
    {
        _foreign = foreign ? new ForeignMemory(length) : null;
        _region = _foreign?.AsRegion() ?? Region.Allocate(length);
        _model = new HoldModel(length);
    }

    internal void Run(IEnumerable<RegionStep> steps)
    {
        int number = 0;
        foreach (RegionStep step in steps)
        {
            int id = _model.Count == 0 ? -1 : step.Lease % _model.Count;
            bool alone = step.Operation is RegionOperation.Take or RegionOperation.Scoped or RegionOperation.Resize
                or RegionOperation.TryFree or RegionOperation.Dispose;
            bool resizes = step.Operation is RegionOperation.Resize or RegionOperation.ResizeThrough;
            bool needsLease = !alone && (id < 0 || (_model.IsPin(id) && step.Operation != RegionOperation.Release));
            if (needsLease || (resizes && _foreign is not null))
            {
                continue;
            }

            AssertSame(step, number++, Expected(step, id), Actual(step, id));
        }

        _region.Dispose();
        for (int id = 0; id < _holds.Count; id++)
        {
            End(id);
        }

        Assert.Equal(0, _region.Snapshot().Total);
        Assert.Equal(1, _foreign?.Freed ?? 1);
    }

    private string Expected(RegionStep step, int id)
    {
        HoldKind kind = Kinds.All[step.Kind];
        switch (step.Operation)
        {
            case RegionOperation.Take:
                return _model.Take(kind);
            case RegionOperation.Scoped:
                return _model.Probe(kind);
            case RegionOperation.Release:
                if (_model.IsPin(id))
                {
                    _model.Unpin(id);
                }
                else
                {
                    _model.Release(id);
                }

                return HoldModel.Ok;
            case RegionOperation.Downgrade:
                return _model.Downgrade(id, kind);
            case RegionOperation.Upgrade:
                return _model.Upgrade(id, kind);
            case RegionOperation.Share:
                return _model.Share(id);
            case RegionOperation.Pin:
                return _model.Pin(id);
            case RegionOperation.Resize:
                return _model.Resize(step.Length);
            case RegionOperation.ResizeThrough:
                return _model.ResizeThrough(id, step.Length);
            case RegionOperation.FreezeThrough:
                return _model.FreezeThrough(id);
            case RegionOperation.TryFree:
                return _model.TryFree();
            default:
                _model.Retire();
                return HoldModel.Ok;
        }
    }

    private string Actual(RegionStep step, int id)
    {
        HoldKind kind = Kinds.All[step.Kind];
        try
        {
            Lease made = default;
            bool done = true;
            switch (step.Operation)
            {
                case RegionOperation.Take:
                    done = _region.TryTake(kind, out made);
                    break;
                case RegionOperation.Scoped:
                    return Answer(Scoped.Try(_region, kind));
                case RegionOperation.Release:
                    End(id);
                    return HoldModel.Ok;
                case RegionOperation.Downgrade:
                    made = _holds[id].Lease.Downgrade(kind);
                    break;
                case RegionOperation.Upgrade:
                    done = _holds[id].Lease.TryUpgrade(kind, out made);
                    break;
                case RegionOperation.Share:
                    made = _holds[id].Lease.Share();
                    break;
                case RegionOperation.Pin:
                    _holds.Add((default, _holds[id].Lease.Pin()));
                    return HoldModel.Ok;
                case RegionOperation.Resize:
                    _region.Resize(step.Length);
                    return HoldModel.Ok;
                case RegionOperation.ResizeThrough:
                    made = _holds[id].Lease.Resize(step.Length);
                    break;
                case RegionOperation.FreezeThrough:
                    made = _holds[id].Lease.Freeze();
                    break;
                case RegionOperation.TryFree:
                    return Answer(_region.TryFree());
                default:
                    _region.Dispose();
                    return HoldModel.Ok;
            }

            Assert.Equal(done, made != default);
            if (done)
            {
                _holds.Add((made, default));
            }

            return Answer(done);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return exception.GetType().Name;
        }
    }

    private void AssertSame(RegionStep step, int number, string expected, string actual)
    {
        string where = $"Step {number}, {step}: ";
        Assert.Equal(where + expected, where + actual);
        Assert.Equal(where + _model.Snapshot(), where + _region.Snapshot());
        Assert.Equal(where + _model.Length, where + _region.Length);
        Assert.True(_foreign is null || _foreign.Freed == (_model.IsClosed ? 1 : 0), where + "freed");
        for (int id = 0; id < _holds.Count; id++)
        {
            Lease lease = _holds[id].Lease;
            Assert.True(_model.IsPin(id) || lease.IsReleased != _model.IsLive(id), $"{where}lease {id}: {lease}");
            Assert.True(lease.IsReleased || lease.ReadOnlySpan.Length == _model.Length, where + "length");
        }
    }

    private void End(int id)
    {
        _holds[id].Lease.Dispose();
        _holds[id].Pin.Dispose();
    }

    private static string Answer(bool done) => done ? HoldModel.Ok : HoldModel.Refused;
}
