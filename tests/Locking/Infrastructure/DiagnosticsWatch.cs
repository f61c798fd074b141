using System.Collections.Concurrent;
using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>What <see cref="HoldDiagnostics"/> reports while this lives. Restores the switches at its end.</summary>
internal sealed class DiagnosticsWatch : IDisposable
{
    private readonly long _doubleReleases;
    private readonly long _leaks;

    internal DiagnosticsWatch(bool trace = false, bool throwOnDoubleRelease = false)
    {
        // What earlier tests dropped is reported before this begins to count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _doubleReleases = HoldDiagnostics.DoubleReleases;
        _leaks = HoldDiagnostics.Leaks;
        HoldDiagnostics.TraceHolds = trace;
        HoldDiagnostics.ThrowOnDoubleRelease = throwOnDoubleRelease;
        HoldDiagnostics.DoubleReleased += OnDoubleReleased;
        HoldDiagnostics.Leaked += OnLeaked;
        HoldDiagnostics.DisposedWhileHeld += OnDisposedWhileHeld;
        HoldDiagnostics.FreeFailed += OnFreeFailed;
    }

    internal ConcurrentQueue<HoldEventArgs> DoubleReleased { get; } = [];

    internal ConcurrentQueue<HoldEventArgs> Leaked { get; } = [];

    internal ConcurrentQueue<HoldEventArgs> DisposedWhileHeld { get; } = [];

    internal ConcurrentQueue<HoldEventArgs> FreeFailed { get; } = [];

    internal long DoubleReleases => HoldDiagnostics.DoubleReleases - _doubleReleases;

    internal long Leaks => HoldDiagnostics.Leaks - _leaks;

    /// <summary>Collects until the answer is yes, or so often that it never will be.</summary>
    internal static bool CollectUntil(Func<bool> reached)
    {
        for (int i = 0; i < 12 && !reached(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return reached();
    }

    public void Dispose()
    {
        HoldDiagnostics.TraceHolds = false;
        HoldDiagnostics.ThrowOnDoubleRelease = false;
        HoldDiagnostics.DoubleReleased -= OnDoubleReleased;
        HoldDiagnostics.Leaked -= OnLeaked;
        HoldDiagnostics.DisposedWhileHeld -= OnDisposedWhileHeld;
        HoldDiagnostics.FreeFailed -= OnFreeFailed;
    }

    private void OnDoubleReleased(object? sender, HoldEventArgs report) => DoubleReleased.Enqueue(report);

    private void OnLeaked(object? sender, HoldEventArgs report) => Leaked.Enqueue(report);

    private void OnDisposedWhileHeld(object? sender, HoldEventArgs report) => DisposedWhileHeld.Enqueue(report);

    private void OnFreeFailed(object? sender, HoldEventArgs report) => FreeFailed.Enqueue(report);
}
