namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Does calls on a domain and tells how they ended.</summary>
internal static class TrackerCaller
{
    /// <summary>Does a call.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="call">The call.</param>
    /// <param name="token">The hold it works on; the one it made, if it made one.</param>
    /// <param name="other">The second hold that it works on or makes.</param>
    /// <param name="scoped">The kind of the scoped hold that is taken or released, or <c>None</c> for one that travels.</param>
    public static Outcome Do(ProbeDomain domain, in TrackerCall call, ref HoldToken token, ref HoldToken other, HoldKind scoped)
    {
        try
        {
            return Answer(domain, call, ref token, ref other, scoped);
        }
        catch (ObjectDisposedException)
        {
            return Outcome.Ended;
        }
        catch (BufferConflictException)
        {
            return Outcome.Conflict;
        }
        catch (BufferException)
        {
            return Outcome.Unsupported;
        }
    }

    private static Outcome Answer(ProbeDomain domain, in TrackerCall call, ref HoldToken token, ref HoldToken other, HoldKind scoped)
    {
        HoldToken made;
        switch (call.Kind)
        {
            case CallKind.Take:
                token = Take(domain, call, scoped);
                return token.IsDefault ? Outcome.Conflict : Outcome.Done;
            case CallKind.Release:
                return (scoped != HoldKind.None ? ScopedHolds.End(token, scoped) : token.TryRelease()) ? Outcome.Done : Outcome.Nothing;
            case CallKind.Upgrade when token.TryUpgrade(call.Argument, out made):
                token = made;
                return Outcome.Done;
            case CallKind.Upgrade:
                return Outcome.Conflict;
            case CallKind.Downgrade:
                token = token.Downgrade(call.Argument);
                return Outcome.Done;
            case CallKind.Share:
                token = call.IsPart ? token.Share(call.Start - call.Base, call.End - call.Start, call.Argument) : token.Share(call.Argument);
                return Outcome.Done;
            case CallKind.Use:
                token = HoldConversion.Keep(token);
                return Outcome.Done;
            case CallKind.FreezeHeld:
                token = HoldConversion.Downgrade(token, call.Argument, HoldChange.Freeze);
                return Outcome.Done;
            case CallKind.Freeze:
                domain.FreezeCore();
                return Outcome.Done;
            case CallKind.BeginResize:
                domain.BeginResize(default, call.Length);
                return Outcome.Done;
            case CallKind.EndResize:
                domain.EndResize(default, call.Length, resized: true);
                return Outcome.Done;
            case CallKind.Split:
                (token, other) = token.Split(call.Start - call.Base);
                return Outcome.Done;
            case CallKind.Join when HoldToken.TryJoin(token, other, out made):
                token = made;
                return Outcome.Done;
            case CallKind.Join:
                return Outcome.Conflict;
            case CallKind.Append:
                token = domain.TakeAppender(out _);
                return token.IsDefault ? Outcome.Conflict : Outcome.Done;
            case CallKind.Publish:
                return Publish(token, call.Length) ? Outcome.Done : Outcome.Nothing;
            case CallKind.Free:
                return domain.TryCloseIdle() ? Outcome.Done : Outcome.Conflict;
            default:
                domain.RetireCore(out _);
                return Outcome.Done;
        }
    }

    // A slice is made at the start, when the length has never changed.
    private static HoldToken Take(ProbeDomain domain, in TrackerCall call, HoldKind scoped)
    {
        if (call.IsPart)
        {
            RangeRequest request = new(call.Start, call.End, Size: 0);
            return scoped != HoldKind.None
                ? ScopedHolds.Take(domain, call.Argument, request)
                : domain.TakeRange(ConflictTable.Index(call.Argument), request, scoped: false, conflictThrows: false);
        }

        return scoped != HoldKind.None ? ScopedHolds.Take(domain, scoped) : domain.TakeToken(call.Argument, conflictThrows: false);
    }

    // As AppendLease of src/Core does it.
    private static bool Publish(HoldToken token, int count)
    {
        var frontier = token.Ticket?.Companion as Frontier;
        ObjectDisposedException.ThrowIf(frontier is null || token.IsReleased, typeof(Frontier));
        long position = frontier.Position;
        return frontier.TryAdvance(position, position + count);
    }
}
