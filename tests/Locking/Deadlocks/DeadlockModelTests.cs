using CsCheck;
using FastBuffers.Locking.Tests.Waiting;

namespace FastBuffers.Locking.Tests.Deadlocks;

/// <summary>Random programs of owners against a wait-for graph that is made anew from lists for each wait; a failure is shrunk.</summary>
public sealed class DeadlockModelTests
{
    private const int Length = 8;
    private const int Owners = 5;
    private const int Trackers = 3;

    private enum Operation
    {
        Acquire,
        AcquireUnowned,
        Release,
        Cancel,
        Downgrade,
        Forget,
        Adopt,
    }

    private static readonly Gen<Operation> s_operation = Gen.Frequency(
        (60, Gen.Const(Operation.Acquire)),
        (6, Gen.Const(Operation.AcquireUnowned)),
        (14, Gen.Const(Operation.Release)),
        (6, Gen.Const(Operation.Cancel)),
        (5, Gen.Const(Operation.Downgrade)),
        (2, Gen.Const(Operation.Forget)),
        (3, Gen.Const(Operation.Adopt)));

    private static readonly Gen<(Operation Operation, int Who, int Which, int Kind, int Start, int Length)> s_step =
        Gen.Select(s_operation, Gen.Int[0, Owners - 1], Gen.Int[0, 30], Gen.Int[0, 3], Gen.Int[0, Length], Gen.Int[0, Length]);

    private static int s_deadlocks;
    private static int s_long;

    [Fact]
    public void What_the_graph_calls_a_cycle_is_reported_and_nothing_else()
    {
        s_step.Array[1, 60].Sample(static steps => new Program().Run(steps), iter: 2_000, threads: 2);

        // The programs are such that there are any.
        Assert.True(s_deadlocks > 200 && s_long > 20, $"{s_deadlocks} deadlocks, {s_long} of three or more");
    }

    private sealed class Program
    {
        private readonly LockManager _manager = new(new() { TimeProvider = new ManualTime(), DetectDeadlocks = true });
        private readonly HoldTracker[] _trackers = [.. Enumerable.Range(0, Trackers).Select(static _ => new HoldTracker(Length))];
        private readonly WaitModel[] _models = [.. Enumerable.Range(0, Trackers).Select(static _ => new WaitModel())];
        private readonly HoldOwner[] _owners = [.. Enumerable.Range(0, Owners).Select(static i => new HoldOwner($"{i}"))];
        private readonly Dictionary<WaitModelEntry, HoldOwner?> _ownerOf = [];
        private readonly List<WaitModelEntry> _all = [];

        private List<WaitModelEntry> Holds => [.. _models.SelectMany(static model => model.Holds)];

        private List<WaitModelEntry> Waiters => [.. _models.SelectMany(static model => model.Waiters)];

        internal void Run((Operation Operation, int Who, int Which, int Kind, int Start, int Length)[] steps)
        {
            foreach ((Operation operation, int who, int which, int kind, int start, int length) in steps)
            {
                HoldOwner owner = _owners[who];
                bool whole = start + length > Length;
                var wanted = new WaitModelEntry(Kinds.All[kind], whole ? 0 : start, whole ? Length : length);
                WaitModelEntry? hold = Holds is { Count: > 0 } holds ? holds[which % holds.Count] : null;
                switch (operation)
                {
                    case Operation.Acquire when !Waiters.Exists(waiter => _ownerOf[waiter] == owner):
                        Acquire(owner, wanted, PlaceFor(owner, wanted, which), whole);
                        break;
                    case Operation.AcquireUnowned:
                        Acquire(null, wanted, which % Trackers, whole);
                        break;
                    case Operation.Release when hold is not null:
                        Assert.True(hold.Token.TryRelease());
                        Array.Find(_models, model => model.Holds.Contains(hold))!.Release(hold);
                        break;
                    case Operation.Cancel when Waiters is { Count: > 0 } waiters:
                        WaitModelEntry cancelled = waiters[which % waiters.Count];
                        cancelled.Source.Cancel();
                        Array.Find(_models, model => model.Waiters.Contains(cancelled))!.Cancel(cancelled);
                        break;
                    case Operation.Downgrade when hold is not null && Kinds.IsDowngrade(hold.Kind, Kinds.All[kind]):
                        hold.Token = hold.Token.Downgrade(Kinds.All[kind]);
                        _ownerOf[hold] = null;
                        Array.Find(_models, model => model.Holds.Contains(hold))!.Downgrade(hold, Kinds.All[kind]);
                        break;
                    case Operation.Forget when hold is not null:
                        Assert.Equal(_ownerOf[hold] == owner, owner.Forget(hold.Token));
                        _ownerOf[hold] = _ownerOf[hold] == owner ? null : _ownerOf[hold];
                        break;
                    case Operation.Adopt when hold is not null && !Waiters.Exists(waiter => _ownerOf[waiter] == owner):
                        owner.Adopt(hold.Token);
                        _ownerOf[hold] = owner;
                        break;
                }

                _all.ForEach(static entry => entry.Check());
                Assert.Equal(Waiters.Count, _manager.Waiters);
            }

            // Nothing is left to be found by tests of what was lost.
            Waiters.ForEach(static waiter => waiter.Source.Cancel());
            foreach (WaitModelEntry entry in _all)
            {
                // Who was behind one who was cancelled may have been served.
                _ = entry.Wait is { } wait && Task.WaitAny([wait], Waits.Patience) == 0 && wait.IsCompletedSuccessfully
                    ? wait.Result.EndOnce()
                    : entry.Token.EndOnce();
            }

            Assert.All(_trackers, static tracker => Assert.Equal(default, tracker.Snapshot()));
            _all.ForEach(static entry => entry.Dispose());
        }

        private void Acquire(HoldOwner? owner, WaitModelEntry wanted, int place, bool whole)
        {
            HoldTracker tracker = _trackers[place];
            WaitModel model = _models[place];
            using HoldOwnerScope? scope = owner?.Enter();
            wanted.Wait = whole
                ? _manager.AcquireAsync(tracker, wanted.Kind, wanted.Source.Token).AsTask()
                : _manager.AcquireAsync(tracker, wanted.Kind, wanted.Start, wanted.Length, wanted.Source.Token).AsTask();
            _ownerOf[wanted] = owner;
            if (model.TryTake(wanted, out _) == Answer.Ok)
            {
                wanted.End = Answer.Ok;
                _all.Add(wanted);
            }
            else if (owner is not null && WouldWaitForItself(owner, wanted, model))
            {
                IReadOnlyList<DeadlockStep> cycle = wanted.Wait.Deadlocks();
                Assert.Same(owner, cycle[0].Owner);
                Interlocked.Increment(ref s_deadlocks);
                Interlocked.Add(ref s_long, cycle.Count > 2 ? 1 : 0);
                wanted.Dispose();
            }
            else
            {
                model.Wait(wanted);
                _all.Add(wanted);
            }
        }

        // Mostly where the owner is not in its own way: longer cycles are rarer than those of one.
        private int PlaceFor(HoldOwner owner, WaitModelEntry wanted, int which) => which % 10 == 0
            ? which % Trackers
            : Enumerable.Range(which, Trackers).Select(static place => place % Trackers).FirstOrDefault(
                place => !_models[place].Holds.Any(hold => _ownerOf[hold] == owner && hold.ConflictsWith(wanted)),
                which % Trackers);

        // Whether the owner is reached from the new wait.
        private bool WouldWaitForItself(HoldOwner owner, WaitModelEntry wanted, WaitModel model)
        {
            if (!InTheWayOf(wanted, model).Any())
            {
                // It waits for what is reserved, or not at all.
                return false;
            }

            HashSet<HoldOwner> reached = [.. InTheWayOf(wanted, model)];
            for (int before = 0; before != reached.Count;)
            {
                before = reached.Count;
                foreach (WaitModel other in _models)
                {
                    foreach (WaitModelEntry waiter in other.Waiters.Where(waiter => _ownerOf[waiter] is { } by && reached.Contains(by)))
                    {
                        reached.UnionWith(InTheWayOf(waiter, other));
                    }
                }
            }

            return reached.Contains(owner);
        }

        private IEnumerable<HoldOwner> InTheWayOf(WaitModelEntry waiter, WaitModel model) => model.Holds
            .Concat(model.Waiters.TakeWhile(other => other != waiter))
            .Where(waiter.ConflictsWith)
            .Select(other => _ownerOf[other])
            .OfType<HoldOwner>();
    }
}
