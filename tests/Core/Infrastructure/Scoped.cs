namespace FastBuffers.Tests.Infrastructure;

/// <summary>The four scoped holds, which as ref structs cannot be values of a theory, by their kind.</summary>
internal static class Scoped
{
    internal delegate void ReadAction(ReadOnlySpan<byte> bytes);

    /// <summary>Runs the body while a scoped hold of the kind is active.</summary>
    internal static void While(Region region, HoldKind kind, Action body) => While(region, kind, _ => body());

    internal static void While(Region region, HoldKind kind, ReadAction body)
    {
        switch (kind)
        {
            case HoldKind.Read:
                using (ReadHold hold = region.HoldRead())
                {
                    body(hold.Span);
                }

                break;
            case HoldKind.Write:
                using (WriteHold hold = region.HoldWrite())
                {
                    body(hold.Span);
                }

                break;
            case HoldKind.Immutable:
                using (ImmutableHold hold = region.HoldImmutable())
                {
                    body(hold.Span);
                }

                break;
            default:
                using (ExclusiveHold hold = region.HoldExclusive())
                {
                    body(hold.Span);
                }

                break;
        }
    }

    /// <summary>Tries to take a scoped hold, checks that a refused one is default, ends a granted one.</summary>
    internal static bool Try(Region region, HoldKind kind)
    {
        bool taken;
        bool hasBytes;
        switch (kind)
        {
            case HoldKind.Read:
                taken = region.TryHoldRead(out ReadHold read);
                hasBytes = HasBytes(read);
                read.Dispose();
                break;
            case HoldKind.Write:
                taken = region.TryHoldWrite(out WriteHold write);
                hasBytes = HasBytes(write);
                write.Dispose();
                break;
            case HoldKind.Immutable:
                taken = region.TryHoldImmutable(out ImmutableHold immutable);
                hasBytes = HasBytes(immutable);
                immutable.Dispose();
                break;
            default:
                taken = region.TryHoldExclusive(out ExclusiveHold exclusive);
                hasBytes = HasBytes(exclusive);
                exclusive.Dispose();
                break;
        }

        Assert.Equal(taken, hasBytes);
        return taken;
    }

    /// <summary>Takes a hold, copies it, disposes both; in between, with a live second holder, runs the check.</summary>
    internal static void DisposeTwice(Region region, HoldKind kind, Action afterTheFirst)
    {
        switch (kind)
        {
            case HoldKind.Read:
                ReadHold read = region.HoldRead();
                using (read)
                {
                    read.Dispose();
                    Assert.False(HasBytes(read));
                    afterTheFirst();
                }

                break;
            case HoldKind.Write:
                WriteHold write = region.HoldWrite();
                using (write)
                {
                    write.Dispose();
                    Assert.False(HasBytes(write));
                    afterTheFirst();
                }

                break;
            case HoldKind.Immutable:
                ImmutableHold immutable = region.HoldImmutable();
                using (immutable)
                {
                    immutable.Dispose();
                    Assert.False(HasBytes(immutable));
                    afterTheFirst();
                }

                break;
            default:
                ExclusiveHold exclusive = region.HoldExclusive();
                using (exclusive)
                {
                    exclusive.Dispose();
                    Assert.False(HasBytes(exclusive));
                    afterTheFirst();
                }

                break;
        }
    }

    private static bool HasBytes(ReadHold hold)
    {
        try
        {
            return hold.Span.Length >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool HasBytes(WriteHold hold)
    {
        try
        {
            return hold.Span.Length >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool HasBytes(ImmutableHold hold)
    {
        try
        {
            return hold.Span.Length >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool HasBytes(ExclusiveHold hold)
    {
        try
        {
            return hold.Span.Length >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
