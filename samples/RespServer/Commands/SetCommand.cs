using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>SET with all its options: EX, PX, EXAT, PXAT, KEEPTTL, NX, XX, GET.</summary>
internal static class SetCommand
{
    private enum Condition
    {
        None,
        IfMissing,
        IfPresent,
    }

    public static Command[] All { get; } = [new("set", -3, Run) { Flag = "write", Keys = (1, 1, 1) }];

    private static void Run(CommandContext context)
    {
        if (!TryParse(context, out Condition condition, out long? expiresAt, out bool returnsOld))
        {
            return;
        }

        bool isPresent = context.Keyspace.Find(context[1]) is not null;
        if (condition == (isPresent ? Condition.IfMissing : Condition.IfPresent))
        {
            if (returnsOld)
            {
                StringCommands.ReplyValue(context, 1);
            }
            else
            {
                context.Reply.Null();
            }

            return;
        }

        // All that can fail comes before the reply, which with GET is the old value.
        if (!isPresent && !context.Keyspace.TryChargeName(context[1]))
        {
            context.Reply.Error(Errors.OutOfMemory);
            return;
        }

        if (context.TryStore(2) is not { } value)
        {
            if (!isPresent)
            {
                context.Keyspace.ReleaseName(context[1]);
            }

            context.Reply.Error(Errors.OutOfMemory);
            return;
        }

        if (returnsOld)
        {
            StringCommands.ReplyValue(context, 1);
        }
        else
        {
            context.Reply.Ok();
        }

        context.Keyspace.TrySet(context[1], value, expiresAt, isNameCharged: !isPresent);
    }

    private static bool TryParse(CommandContext context, out Condition condition, out long? expiresAt, out bool returnsOld)
    {
        (condition, expiresAt, returnsOld) = (Condition.None, 0, false);
        bool hasExpiry = false;
        for (int i = 3; i < context.Count; i++)
        {
            if (context.Is(i, "NX"u8) && condition != Condition.IfPresent)
            {
                condition = Condition.IfMissing;
            }
            else if (context.Is(i, "XX"u8) && condition != Condition.IfMissing)
            {
                condition = Condition.IfPresent;
            }
            else if (context.Is(i, "GET"u8))
            {
                returnsOld = true;
            }
            else if (context.Is(i, "KEEPTTL"u8) && !hasExpiry)
            {
                (hasExpiry, expiresAt) = (true, null);
            }
            else if (!hasExpiry && i + 1 < context.Count && Expiry.TryGetUnit(context, i, out Expiry.Unit unit))
            {
                if (!Expiry.TryRead(context, ++i, unit, "set", out long at))
                {
                    return false;
                }

                (hasExpiry, expiresAt) = (true, at);
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        return true;
    }
}
