using System.Globalization;

namespace FastBuffers.Locking.Tests.Model;

public enum Operation
{
    Take,
    Release,
    Downgrade,
    Upgrade,
    Share,
    Freeze,
    Retire,
}

/// <summary>One step of a random program: which operation, on which of the holds so far, towards which kind.</summary>
public readonly record struct TrackerStep(Operation Operation, int Hold, int Kind);

/// <summary>Runs a program on a tracker and on the model, and fails at the first difference.</summary>
internal sealed class TrackerProgram(long length)
{
    private readonly HoldTracker _tracker = new(length);
    private readonly HoldModel _model = new((int)length);
    private readonly List<HoldToken> _tokens = [];

    internal void Run(IEnumerable<TrackerStep> steps)
    {
        int number = 0;
        foreach (TrackerStep step in steps)
        {
            HoldKind kind = Kinds.All[step.Kind];
            int id = _model.Count == 0 ? -1 : step.Hold % _model.Count;
            if (id < 0 && step.Operation is not (Operation.Take or Operation.Freeze or Operation.Retire))
            {
                continue;
            }

            AssertSame(step, number++, Expected(step.Operation, id, kind), Actual(step.Operation, id, kind));
        }

        Assert.All(_tokens, static token => token.TryRelease());
        Assert.Equal(0, _tracker.Snapshot().Total);
    }

    private string Expected(Operation operation, int id, HoldKind kind)
    {
        switch (operation)
        {
            case Operation.Take:
                return _model.Take(kind);
            case Operation.Release:
                return _model.Release(id);
            case Operation.Downgrade:
                return _model.Downgrade(id, kind);
            case Operation.Upgrade:
                return _model.Upgrade(id, kind);
            case Operation.Share:
                return _model.Share(id);
            case Operation.Freeze:
                return _model.Freeze();
            default:
                _model.Retire();
                return HoldModel.Ok;
        }
    }

    private string Actual(Operation operation, int id, HoldKind kind)
    {
        try
        {
            HoldToken made = default;
            bool done = true;
            switch (operation)
            {
                case Operation.Take:
                    done = _tracker.TryTake(kind, out made);
                    break;
                case Operation.Release:
                    return _tokens[id].TryRelease() ? HoldModel.Ok : HoldModel.Refused;
                case Operation.Downgrade:
                    made = _tokens[id].Downgrade(kind);
                    break;
                case Operation.Upgrade:
                    done = _tokens[id].TryUpgrade(kind, out made);
                    break;
                case Operation.Share:
                    made = _tokens[id].Share();
                    break;
                case Operation.Freeze:
                    _tracker.Freeze();
                    return HoldModel.Ok;
                default:
                    _tracker.Retire();
                    return HoldModel.Ok;
            }

            Assert.Equal(done, made != default);
            if (done)
            {
                _tokens.Add(made);
            }

            return done ? HoldModel.Ok : HoldModel.Refused;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return exception.GetType().Name;
        }
    }

    private void AssertSame(TrackerStep step, int number, string expected, string actual)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"Step {number}, {step}: ");
        Assert.Equal(where + expected, where + actual);
        Assert.Equal(where + _model.Snapshot(), where + _tracker.Snapshot());
        for (int id = 0; id < _tokens.Count; id++)
        {
            Assert.True(_tokens[id].IsReleased != _model.IsLive(id) && _tokens[id].Kind == _model.KindOf(id), $"{where}hold {id}: {_tokens[id]}");
        }
    }
}
