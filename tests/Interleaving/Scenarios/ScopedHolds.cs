namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// Scoped holds as <c>Region</c>, <c>SharedScope</c> and <c>ExclusiveHold</c> of src/Core take and end them, without the ref structs, whose
/// project is not linked here.
/// </summary>
internal static class ScopedHolds
{
    public static HoldToken Take(HoldDomain domain, HoldKind kind) =>
        domain.Tracker.TryTakeIdle(kind == HoldKind.Exclusive ? HoldWord.Exclusive : HoldWord.First(kind), out long value)
            ? new HoldToken(domain, value)
            : domain.TakeScoped(ConflictTable.Index(kind), conflictThrows: false);

    public static HoldToken Take(HoldDomain domain, HoldKind kind, in RangeRequest request) =>
        domain.TakeRange(ConflictTable.Index(kind), request, scoped: true, conflictThrows: false);

    /// <summary>Ends a hold; false when it had ended before.</summary>
    public static bool End(HoldToken token, HoldKind kind)
    {
        if (token.Source is HoldDomain domain
            && (kind == HoldKind.Exclusive ? domain.Tracker.TryReleaseScopedExclusive(token.Value) : domain.Tracker.TryReleaseIdle(token.Value)))
        {
            domain.AfterRelease();
            return true;
        }

        if (kind != HoldKind.Exclusive || token.Source is Ticket or RangeSlot)
        {
            return token.TryRelease();
        }

        HoldDiagnostics.ReportDoubleRelease(kind);
        return false;
    }
}
