using CsCheck;

namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Random programs against the naive model, with a clock that stands still; a failure is shrunk.</summary>
public sealed class WaitModelTests
{
    private const int Length = 10;

    private enum Operation
    {
        Take,
        Wait,
        Release,
        Cancel,
        Downgrade,
        Freeze,
        Retire,
    }

    private static readonly Gen<Operation> s_operation = Gen.Frequency(
        (20, Gen.Const(Operation.Take)),
        (30, Gen.Const(Operation.Wait)),
        (30, Gen.Const(Operation.Release)),
        (12, Gen.Const(Operation.Cancel)),
        (10, Gen.Const(Operation.Downgrade)),
        (1, Gen.Const(Operation.Freeze)),
        (1, Gen.Const(Operation.Retire)));

    private static readonly Gen<(Operation Operation, int Which, int Kind, int Start, int Length)> s_step =
        Gen.Select(s_operation, Gen.Int[0, 30], Gen.Int[0, 3], Gen.Int[0, Length], Gen.Int[0, Length]);

    [Fact]
    public void Waiters_are_served_as_in_a_list_of_holds_and_a_list_of_waiters() =>
        s_step.Array[1, 80].Sample(static steps => Run(steps), iter: 1_500, threads: 2);

    [Fact]
    public void A_waiter_is_passed_over_as_often_as_in_the_lists() =>
        s_step.Array[60, 120].Sample(
            static steps => Run([.. steps.SelectMany(static step => step.Operation == Operation.Take ? Enumerable.Repeat(step, 20) : [step])]),
            iter: 100,
            threads: 2);

    private static void Run(IEnumerable<(Operation Operation, int Which, int Kind, int Start, int Length)> steps)
    {
        var manager = new LockManager(new() { TimeProvider = new ManualTime() });
        var tracker = new HoldTracker(Length);
        var model = new WaitModel();
        List<WaitModelEntry> all = [];
        foreach ((Operation operation, int which, int kind, int start, int length) in steps)
        {
            // Whole ones often.
            bool whole = start + length > Length;
            var wanted = new WaitModelEntry(Kinds.All[kind], whole ? 0 : start, whole ? Length : length);
            switch (operation)
            {
                case Operation.Take:
                    Answer answer = Answers.Of(() =>
                    {
                        bool taken = tracker.TryTake(wanted.Kind, wanted.Start, wanted.Length, out HoldToken token);
                        wanted.Token = token;
                        return taken;
                    });
                    Assert.Equal(model.TryTake(wanted, out _), answer);
                    break;
                case Operation.Wait:
                    wanted.Wait = (whole
                        ? manager.AcquireAsync(tracker, wanted.Kind, wanted.Source.Token)
                        : manager.AcquireAsync(tracker, wanted.Kind, wanted.Start, wanted.Length, wanted.Source.Token)).AsTask();
                    all.Add(wanted);
                    wanted.End = model.TryTake(wanted, out _);
                    if (wanted.End == Answer.Refused)
                    {
                        wanted.End = null;
                        model.Wait(wanted);
                    }

                    break;
                case Operation.Release when model.Holds.Count > 0:
                    WaitModelEntry ended = model.Holds[which % model.Holds.Count];
                    Assert.True(ended.Token.TryRelease());
                    model.Release(ended);
                    break;
                case Operation.Cancel when model.Waiters.Count > 0:
                    WaitModelEntry cancelled = model.Waiters[which % model.Waiters.Count];
                    cancelled.Source.Cancel();
                    model.Cancel(cancelled);
                    break;
                case Operation.Downgrade when model.Holds.Count > 0:
                    WaitModelEntry weakened = model.Holds[which % model.Holds.Count];
                    if (Kinds.IsDowngrade(weakened.Kind, Kinds.All[kind]))
                    {
                        weakened.Token = weakened.Token.Downgrade(Kinds.All[kind]);
                        model.Downgrade(weakened, Kinds.All[kind]);
                    }

                    break;
                case Operation.Freeze:
                    Assert.Equal(model.TryFreeze(), Answers.Of(() =>
                    {
                        tracker.Freeze();
                        return true;
                    }) == Answer.Ok);
                    break;
                case Operation.Retire:
                    tracker.Retire();
                    model.Retire();
                    break;
            }

            all.ForEach(static entry => entry.Check());
            Assert.Equal(model.Waiters.Count, tracker.Snapshot().Waiters);
            Assert.Equal(model.Waiters.Count, manager.Waiters);
        }

        all.ForEach(static entry => entry.Dispose());
    }
}
