namespace FastBuffers.Samples.Resp.Commands;

/// <summary>Reads the four ways to say when a key expires. Inside the server it is Unix milliseconds.</summary>
internal static class Expiry
{
    public static readonly Unit Seconds = new(1000, IsAbsolute: false);
    public static readonly Unit Milliseconds = new(1, IsAbsolute: false);
    public static readonly Unit UnixSeconds = new(1000, IsAbsolute: true);
    public static readonly Unit UnixMilliseconds = new(1, IsAbsolute: true);

    /// <summary>The unit that SET's option names.</summary>
    public static bool TryGetUnit(CommandContext context, int index, out Unit unit)
    {
        unit = context.Is(index, "EX"u8) ? Seconds
            : context.Is(index, "PX"u8) ? Milliseconds
            : context.Is(index, "EXAT"u8) ? UnixSeconds
            : context.Is(index, "PXAT"u8) ? UnixMilliseconds
            : default;
        return unit != default;
    }

    /// <summary>The time in an argument of SET, which must lie after the epoch; an error is replied.</summary>
    public static bool TryRead(CommandContext context, int index, Unit unit, string command, out long at)
    {
        if (!context.TryGetInteger(index, out long count))
        {
            at = 0;
            return false;
        }

        if (count > 0 && TryScale(context, count, unit, out at))
        {
            return true;
        }

        at = 0;
        context.Reply.Error(Errors.InvalidExpiry(command));
        return false;
    }

    /// <summary>The time that <paramref name="count"/> means; false when it is out of range.</summary>
    public static bool TryScale(CommandContext context, long count, Unit unit, out long at)
    {
        Int128 exact = ((Int128)count * unit.Factor) + (unit.IsAbsolute ? 0 : context.Keyspace.Now);
        bool fits = exact <= long.MaxValue && exact >= long.MinValue;
        at = fits ? (long)exact : 0;
        return fits;
    }

    public readonly record struct Unit(int Factor, bool IsAbsolute);
}
