namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Does calls on a domain and tells how they ended.</summary>
internal static class TrackerCaller
{
    /// <summary>Does a call.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="call">The call.</param>
    /// <param name="token">The hold it works on; the one it made, if it made one.</param>
    /// <param name="scoped">The kind of the scoped hold that is taken or released, or <c>None</c> for one that travels.</param>
    public static Outcome Do(ProbeDomain domain, in TrackerCall call, ref HoldToken token, HoldKind scoped)
    {
        try
        {
            return Answer(domain, call, ref token, scoped);
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

    private static Outcome Answer(ProbeDomain domain, in TrackerCall call, ref HoldToken token, HoldKind scoped)
    {
        HoldToken made;
        switch (call.Kind)
        {
            case CallKind.Take:
                token = scoped != HoldKind.None ? ScopedHolds.Take(domain, scoped) : domain.TakeToken(call.Argument, conflictThrows: false);
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
                token = token.Share(call.Argument);
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
            case CallKind.Free:
                return domain.TryCloseUnheld() ? Outcome.Done : Outcome.Conflict;
            default:
                domain.RetireCore(out _);
                return Outcome.Done;
        }
    }
}
