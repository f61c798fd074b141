namespace FastBuffers.Bench.Contended;

/// <summary>One column of the table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Measure">Measures it once: the workload, for how long, and whether operations are timed.</param>
internal sealed record Candidate(string Name, Func<Workload, TimeSpan, bool, Run> Measure)
{
    internal static IReadOnlyList<Candidate> All { get; } =
    [
        Blocking<ScopedGuard>("scoped hold, else `Acquire`", static () => new ScopedGuard()),
        Blocking<SlimGuard>("`ReaderWriterLockSlim`", static () => new SlimGuard()),
        Blocking<LockGuard>("`Lock`", static () => new LockGuard()),
        Awaiting<LeaseGuard>("`AcquireAsync`", static () => new LeaseGuard()),
        Awaiting<DotNextGuard>("DotNext `AsyncReaderWriterLock`", static () => new DotNextGuard()),
    ];

    private static Candidate Blocking<T>(string name, Func<T> create)
        where T : struct, IGuard => new(name, (workload, time, timed) =>
            With(workload, create, guards => new Run(workload, timed).Measure(guards, time)));

    private static Candidate Awaiting<T>(string name, Func<T> create)
        where T : struct, IAsyncGuard => new(name, (workload, time, timed) =>
            With(workload, create, guards => new Run(workload, timed).MeasureAsync(guards, time)));

    private static Run With<T>(Workload workload, Func<T> create, Func<T[], Run> measure)
        where T : IDisposable
    {
        T[] guards = [.. Enumerable.Range(0, workload.Guards).Select(_ => create())];
        try
        {
            return measure(guards);
        }
        finally
        {
            Array.ForEach(guards, static guard => guard.Dispose());
        }
    }
}
