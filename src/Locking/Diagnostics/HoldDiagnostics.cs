using System.Diagnostics;

namespace FastBuffers.Locking;

/// <summary>
/// What went wrong with holds in this process: double releases, lost holds and lost domains, disposals under a hold.
/// Handlers run on the thread that noticed, which for lost ones is the finalizer thread; what they throw goes to
/// <see cref="Trace"/> and no further. Thread-safe.
/// </summary>
public static class HoldDiagnostics
{
    private static long s_doubleReleases;
    private static long s_leaks;

    /// <summary>A hold was released that had ended before. Nothing was changed by it.</summary>
    public static event EventHandler<HoldEventArgs>? DoubleReleased;

    /// <summary>
    /// A hold or a region was dropped without release. A region's memory is freed two gen-2 collections after this; a hold has waited
    /// for those already and ends with it.
    /// </summary>
    public static event EventHandler<HoldEventArgs>? Leaked;

    /// <summary>A region was disposed while holds were out. Its memory is freed at the last release.</summary>
    public static event EventHandler<HoldEventArgs>? DisposedWhileHeld;

    /// <summary>What frees a region's memory (a callback, an owner's Dispose) threw, or a handler of <see cref="Leaked"/> did.</summary>
    public static event EventHandler<HoldEventArgs>? FreeFailed;

    /// <summary>
    /// Whether domains that are created from now on record, for each hold, the stack that took it and the one that released it.
    /// Each hold then allocates; for finding bugs. False by default.
    /// </summary>
    public static bool TraceHolds { get; set; }

    /// <summary>Whether a double release throws <see cref="BufferException"/> after it was counted. For tests; false by default.</summary>
    public static bool ThrowOnDoubleRelease { get; set; }

    /// <summary>The number of double releases so far.</summary>
    public static long DoubleReleases => Volatile.Read(ref s_doubleReleases);

    /// <summary>The number of lost holds and lost regions so far.</summary>
    public static long Leaks => Volatile.Read(ref s_leaks);

    /// <summary>Counts a double release and tells the handlers.</summary>
    internal static void ReportDoubleRelease(HoldToken token)
    {
        HoldTrace? trace = token.Ticket?.Trace;
        if (token.Ticket is { IsRental: true } own)
        {
            // Any other ticket may be that of another hold by now, of anybody's.
            own.Domain!.OnDoubleRelease();
        }

        ReportDoubleRelease(token.Kind, trace?.Birth, trace?.Release);
    }

    internal static void ReportDoubleRelease(HoldKind kind, string? birth = null, string? release = null)
    {
        Interlocked.Increment(ref s_doubleReleases);
        if (DoubleReleased is null && !ThrowOnDoubleRelease)
        {
            return;
        }

        string message = $"{kind} hold released twice: the second release changed nothing."
            + (release is null ? string.Empty : $" First released at:{Environment.NewLine}{release}");
        Raise(DoubleReleased, new HoldEventArgs(message) { Kind = kind, BirthStack = birth, ReleaseStack = release });
        if (ThrowOnDoubleRelease)
        {
            throw new BufferException(message);
        }
    }

    internal static void ReportLostHold(HoldDomain domain, HoldKind kind, HoldTrace? trace) => ReportLoss(
        new HoldEventArgs($"{kind} hold on {domain.Describe()} was dropped without release.")
        {
            Kind = kind,
            ByteLength = domain.ByteLength,
            BirthStack = trace?.Birth,
        });

    internal static void ReportLostRental(HoldDomain domain, HoldKind kind, TimeSpan age, HoldTrace? trace) => ReportLoss(
        new HoldEventArgs($"A rental of {domain.ByteLength} bytes was dropped without being returned, {age.TotalSeconds:F0} s after it began.")
        {
            Kind = kind,
            ByteLength = domain.ByteLength,
            Age = age,
            BirthStack = trace?.Birth,
        });

    internal static void ReportLostDomain(HoldDomain domain)
    {
        HoldSnapshot snapshot = domain.Snapshot();
        string dropped = snapshot.IsRetired ? "was disposed, and dropped" : "was dropped without Dispose,";
        ReportLoss(new HoldEventArgs($"{domain.Describe()} {dropped} with {HoldErrors.Holds(snapshot.Total)} out.")
        {
            ByteLength = domain.ByteLength,
            BirthStack = domain.Traces?.Birth,
        });
    }

    internal static void ReportDisposedWhileHeld(HoldDomain domain)
    {
        if (DisposedWhileHeld is null)
        {
            return;
        }

        string holds = HoldErrors.Describe(domain.Snapshot(), ConflictTable.EveryKind);
        Raise(
            DisposedWhileHeld,
            new HoldEventArgs($"{domain.Describe()} was disposed while {holds}; it is freed at the last release.")
            {
                ByteLength = domain.ByteLength,
            });
    }

    internal static void ReportFreeFailed(HoldDomain domain, Exception exception) => Raise(
        FreeFailed,
        new HoldEventArgs($"Freeing {domain.Describe()} failed: {exception.Message}")
        {
            ByteLength = domain.ByteLength,
            Exception = exception,
        });

    private static void ReportLoss(HoldEventArgs report)
    {
        Interlocked.Increment(ref s_leaks);
        Raise(Leaked, report);
    }

    // What a handler throws ends here: it would come out of a Dispose that promises not to throw, or end the process from the
    // finalizer thread.
    private static void Raise(EventHandler<HoldEventArgs>? handlers, HoldEventArgs report)
    {
        try
        {
            handlers?.Invoke(null, report);
        }
        catch (Exception exception)
        {
            Trace.TraceError($"A handler of FastBuffers.Locking.HoldDiagnostics threw: {exception}");
        }
    }
}
