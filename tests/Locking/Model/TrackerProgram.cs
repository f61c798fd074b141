namespace FastBuffers.Locking.Tests.Model;

public enum Operation
{
    Take,
    TakePart,
    Release,
    Downgrade,
    Upgrade,
    Share,
    Split,
    Join,
    List,
    Freeze,
    Retire,
}

/// <summary>One step of a random program: which operation, on which of the holds so far, towards which kind, on which part.</summary>
public readonly record struct TrackerStep(Operation Operation, int Hold, int Other, int Kind, int Start, int Length);

/// <summary>Runs a program on a tracker and on the model, and fails at the first difference.</summary>
internal sealed class TrackerProgram(int length)
{
    private readonly HoldTracker _tracker = new(length);
    private readonly HoldModel _model = new(length);
    private readonly List<(HoldToken Token, ModelHold Model)> _holds = [];

    internal void Run(IEnumerable<TrackerStep> steps)
    {
        int number = 0;
        foreach (TrackerStep step in steps)
        {
            Step(step, $"Step {number++}, {step}: ");
        }

        Assert.All(_holds, static hold => hold.Token.TryRelease());
        Assert.Equal(0, _tracker.Snapshot().Total);
    }

    private void Step(TrackerStep step, string where)
    {
        HoldKind kind = Kinds.All[step.Kind];
        ModelHold? made = null;
        ModelHold? second = null;
        HoldToken token = default;
        HoldToken rest = default;
        Answer expected;
        Answer actual;
        if (_holds.Count == 0 || step.Operation is Operation.Take or Operation.TakePart or Operation.List or Operation.Freeze or Operation.Retire)
        {
            (expected, actual) = step.Operation switch
            {
                Operation.TakePart => (
                    IsInside(step.Start, step.Length, length) ? _model.Take(kind, step.Start, step.Length, 0, out made) : Answer.BadArgument,
                    Answers.Of(() => _tracker.TryTake(kind, step.Start, step.Length, out token))),
                Operation.Freeze => (_model.Freeze(), Answers.Of(() => Done(_tracker.Freeze))),
                Operation.Retire => (Answers.Of(() => Done(_model.Retire)), Answers.Of(() => Done(_tracker.Retire))),
                Operation.List => (Answer.Ok, Answers.Of(() => List() == List(_tracker.GetHolds()))),
                _ => (_model.Take(kind, out made), Answers.Of(() => _tracker.TryTake(kind, out token))),
            };
        }
        else
        {
            (HoldToken held, ModelHold hold) = Latest(step.Hold);
            (HoldToken otherHeld, ModelHold other) = Latest(step.Other);
            (expected, actual) = step.Operation switch
            {
                Operation.Release => (_model.Release(hold), Answers.Of(held.TryRelease)),
                Operation.Downgrade => (_model.Downgrade(hold, kind, out made), Answers.Of(() => (token = held.Downgrade(kind)) != default)),
                Operation.Upgrade => (_model.Upgrade(hold, kind, out made), Answers.Of(() => held.TryUpgrade(kind, out token))),
                Operation.Split => (
                    _model.Split(hold, step.Start, out made, out second),
                    Answers.Of(() => ((token, rest) = held.Split(step.Start)) != default)),
                Operation.Join => (HoldModel.Join(hold, other, out made), Answers.Of(() => HoldToken.TryJoin(held, otherHeld, out token))),
                _ when step.Start < 4 => (
                    _model.Share(hold, 0, hold.Length, kind, out made), Answers.Of(() => (token = held.Share(kind)) != default)),
                _ => (
                    _model.Share(hold, step.Start, step.Length, kind, out made),
                    Answers.Of(() => (token = held.Share(step.Start, step.Length, kind)) != default)),
            };
        }

        Assert.Equal(where + expected, where + actual);
        Add(token, made);
        Add(rest, second);
        Assert.Equal(where + _model.Snapshot(), where + _tracker.Snapshot());
        foreach ((HoldToken held, ModelHold hold) in _holds)
        {
            Assert.True(held.IsReleased != hold.IsLive && held.Kind == hold.Kind, $"{where}{held}");
        }
    }

    // Counted from the end, so that it is the same one when a failing program is made shorter.
    private (HoldToken Token, ModelHold Model) Latest(int number) => _holds[^((number % _holds.Count) + 1)];

    private void Add(HoldToken token, ModelHold? model)
    {
        Assert.Equal(model is null, token == default);
        if (model is not null)
        {
            _holds.Add((token, model));
        }
    }

    // Nobody records kind and place of a hold on nothing.
    private string List() => List(_model.Active.Select(static hold => hold.Length == 0 ? default : hold.Info));

    private static string List(IEnumerable<HoldInfo> holds) => string.Join(", ", holds.Select(static hold => hold.ToString()).Order(StringComparer.Ordinal));

    private static bool IsInside(int start, int length, int limit) => start >= 0 && length >= 0 && start + length <= limit;

    private static bool Done(Action action)
    {
        action();
        return true;
    }
}
