using FastBuffers.Interleaving.Scenarios.Biasing;

namespace FastBuffers.Interleaving.Scenarios.Deadlocks;

/// <summary>
/// What owners do one after the other on one thread, through a manager that detects deadlocks. Checked at each step: what the step says; that
/// each wait that began goes on until a step says that it is granted; and at the end, that whoever still waits is served when everything is
/// released. Nothing depends on how long it takes: the manager's clock stands still, but for a jump after each wait that began, after which
/// nobody passes the one who waits.
/// </summary>
/// <remarks>
/// A step is an owner (1, 2, 3), a resource (A, B, C, or a, b, c; upper case for Exclusive, lower case for Read) and what happens: nothing, it is
/// taken at once; <c>?</c> a wait for it begins; <c>+</c> the wait for it has been granted; <c>!</c> a wait for it is a deadlock; <c>-</c> it is
/// released.
/// </remarks>
internal sealed class DeadlockProgram
{
    private const int Length = 8;

    private readonly SteppedTime _time = new();
    private readonly LockManager _manager;
    private readonly HoldOwner[] _owners = [new("1"), new("2"), new("3")];
    private readonly HoldTracker[] _trackers = [new(Length), new(Length), new(Length)];
    private readonly Dictionary<string, HoldToken> _holds = [];
    private readonly Dictionary<string, Wait> _waits = [];

    private DeadlockProgram() => _manager = new LockManager(new() { DetectDeadlocks = true, TimeProvider = _time });

    /// <summary>Runs a program.</summary>
    /// <param name="program">Steps with a space between them.</param>
    /// <returns>Which step did not do what it says, and what it did instead; null when all did.</returns>
    public static string? Run(string program)
    {
        var run = new DeadlockProgram();
        foreach (string step in program.Split(' '))
        {
            string? failure = run.Do(step, step[..2]) ?? run.CheckWaits();
            if (failure is not null)
            {
                return $"{step}: {failure}";
            }
        }

        return run.Finish();
    }

    private string? Do(string step, string what) => step[2..] switch
    {
        "" => Take(what),
        "?" => BeginWait(what),
        "+" => EndWait(what),
        "!" => Close(what),
        "-" => _holds.Remove(what, out HoldToken token) && token.TryRelease() ? null : "was not held",
        _ => throw new ArgumentException($"'{step}' is no step.", nameof(step)),
    };

    private string? Take(string what)
    {
        Wait wait = Ask(what);
        if (!wait.IsGranted)
        {
            return $"was not taken at once: {wait.State}";
        }

        _holds.Add(what, wait.Token);
        return null;
    }

    private string? BeginWait(string what)
    {
        Wait wait = Ask(what);
        _time.Step();
        _waits.Add(what, wait);
        return wait.IsOver ? $"does not wait: {wait.State}" : null;
    }

    private string? EndWait(string what)
    {
        _waits.Remove(what, out Wait? wait);
        if (wait is not { IsGranted: true })
        {
            return $"was not granted: {wait?.State}";
        }

        _holds.Add(what, wait.Token);
        return null;
    }

    private string? Close(string what)
    {
        Wait wait = Ask(what);
        if (wait.Deadlock() is not { } deadlock)
        {
            return $"is no deadlock: {wait.State}";
        }

        IReadOnlyList<DeadlockStep> cycle = deadlock.Cycle;
        bool closed = cycle[0].Owner == OwnerOf(what) && cycle[0].Domain == TrackerOf(what)
            && Enumerable.Range(0, cycle.Count).All(i => cycle[i].Blocker == cycle[(i + 1) % cycle.Count].Owner);
        return closed ? null : $"is no cycle of its own: {deadlock.Message}";
    }

    // A step that is to say that a wait was granted comes after the one that grants it: before that the wait is not known to be over.
    private string? CheckWaits() => _waits.FirstOrDefault(static wait => wait.Value is { IsOver: true, IsGranted: false }) is { Key: { } what } failed
        ? $"the wait {what} failed: {failed.Value.State}"
        : null;

    private string? Finish()
    {
        if (_waits.FirstOrDefault(static wait => wait.Value.IsOver) is { Key: { } over })
        {
            return $"at the end: the wait {over} is over, which no step says";
        }

        while (_holds.Count > 0)
        {
            foreach (string what in _holds.Keys.ToArray())
            {
                _holds.Remove(what, out HoldToken token);
                token.TryRelease();
            }

            foreach (string what in _waits.Where(static wait => wait.Value.IsGranted).Select(static wait => wait.Key).ToArray())
            {
                EndWait(what);
            }
        }

        return _waits.Count == 0 && _manager.Waiters == 0 ? null : $"at the end: {_manager.Waiters} wait for nothing";
    }

    private Wait Ask(string what)
    {
        using (OwnerOf(what).Enter())
        {
            return new Wait(_manager.AcquireAsync(TrackerOf(what), char.IsUpper(what[1]) ? HoldKind.Exclusive : HoldKind.Read));
        }
    }

    private HoldOwner OwnerOf(string what) => _owners[what[0] - '1'];

    private HoldTracker TrackerOf(string what) => _trackers[char.ToUpperInvariant(what[1]) - 'A'];

    /// <summary>A wait, which may be over at once. Its result is taken once.</summary>
    private sealed class Wait(ValueTask<HoldToken> task)
    {
        internal bool IsOver => task.IsCompleted;

        internal bool IsGranted => task.IsCompletedSuccessfully;

        internal string State => IsGranted ? "was granted" : !IsOver ? "waits" : Deadlock()?.Message ?? "failed";

        internal HoldToken Token => task.Result;

        internal DeadlockException? Deadlock()
        {
            if (!task.IsFaulted)
            {
                return null;
            }

            try
            {
                _ = task.Result;
                return null;
            }
            catch (DeadlockException deadlock)
            {
                return deadlock;
            }
        }
    }
}
