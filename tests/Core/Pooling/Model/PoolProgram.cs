using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling.Model;

/// <summary>
/// Runs a program on a pool and on the model, and fails at the first difference. Each step runs on one of a few threads, alone, so that
/// what must come of it is known.
/// </summary>
internal sealed partial class PoolProgram : IDisposable
{
    internal const int Threads = 4;

    private readonly PoolCase _case;
    private readonly ManualTime _time = new();
    private readonly RegionPool _pool;
    private readonly PoolModel _model;
    private readonly Worker?[] _workers = new Worker?[Threads];
    private readonly List<PoolHold> _holds = [];
    private readonly List<string>? _log;
    private int _waits;
    private byte _stamp;

    private PoolProgram(PoolCase program, List<string>? log)
    {
        _case = program;
        _pool = program.Create(_time);
        _model = new PoolModel(program);
        _log = log;
    }

    internal static void Run(PoolCase program) => Run(program, log: null);

    /// <summary>The shortest program that can be made of a failing one by leaving steps out, as text.</summary>
    internal static string Explain(PoolCase program)
    {
        PoolStep[] steps = ShortestProgram.Of(program.Steps, steps => Fails(program with { Steps = steps }, []));
        List<string> log = [(program with { Steps = [] }).ToString()];
        Fails(program with { Steps = steps }, log);
        return string.Join(Environment.NewLine, log);
    }

    public void Dispose()
    {
        _pool.Dispose();
        Array.ForEach(_workers, static worker => worker?.Dispose());
    }

    private static void Run(PoolCase program, List<string>? log)
    {
        using var run = new PoolProgram(program, log);
        foreach (PoolStep step in program.Steps)
        {
            run.Step(step);
            run.Check();
        }

        run.End();
    }

    private static bool Fails(PoolCase program, List<string> log)
    {
        try
        {
            Run(program, log);
            return false;
        }
        catch (Exception exception)
        {
            log.Add(exception.Message);
            return true;
        }
    }

    // Whatever is left is returned, and then the pool has nothing.
    private void End()
    {
        if (_case.EndsFirst)
        {
            DisposePool(0);
            Check();
        }

        // Those who wait are served meanwhile, and return too.
        for (int at = 0; at < _holds.Count; at++)
        {
            Release(at % Threads, _holds[at]);
            Check();
        }

        Trim(0);
        Check();
        AssertEqual((0, 0, 0L), (_model.RentedBytes, _model.Queue.Count, _pool.Statistics.ReservedBytes), "left at the end");
        AssertEqual(0, _pool.Memory.MappedBytes, "mapped bytes at the end");
        DisposePool(0);
        Check();
    }

    private void On(int thread, Action action) => (_workers[thread] ??= new Worker()).Run(action);

    // What comes of an operation on a thread; a lack of memory is a refusal.
    private Answer Attempt(int thread, Func<bool> operation)
    {
        Answer answer = default;
        On(thread, () => answer = Answers.Of(() =>
        {
            try
            {
                return operation();
            }
            catch (PoolExhaustedException)
            {
                return false;
            }
        }));
        return answer;
    }

    // Both came to the same answer.
    private void Same(Answer expected, Answer actual, FormattableString what)
    {
        _log?.Add($"{what}: {actual}");
        if (expected != actual)
        {
            Assert.Fail($"{what}: {actual}, not {expected}.");
        }
    }

    private void Note(string what) => _log?.Add(what);

    private static void AssertEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Assert.Fail($"{what}: {actual}, not {expected}.");
        }
    }

    // One of the latest, mostly alive: counted from the end, so that it is the same one when earlier steps are left out.
    private PoolHold? Pick(int number, Func<PoolHold, bool> suits)
    {
        bool any = number % 8 == 0;
        int left = number / 8 % 16;
        PoolHold? picked = null;
        for (int i = _holds.Count - 1; i >= 0 && left >= 0; i--)
        {
            if ((any || _holds[i].Model.IsLive) && suits(_holds[i]))
            {
                picked = _holds[i];
                left--;
            }
        }

        return picked;
    }
}
