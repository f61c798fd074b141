using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>
/// SET with all its options: EX, PX, EXAT, PXAT, KEEPTTL, NX, XX, GET; and SETNX, SETEX, PSETEX, which older clients, and
/// StackExchange.Redis, still send in its place.
/// </summary>
internal static class SetCommand
{
    private enum Condition
    {
        None,
        IfMissing,
        IfPresent,
    }

    public static Command[] All { get; } =
    [
        new("set", -3, Set) { Flag = "write", Keys = (1, 1, 1) },
        new("setnx", 3, SetIfMissing) { Flag = "write", Keys = (1, 1, 1) },
        new("setex", 4, static context => SetExpiring(context, Expiry.Seconds, "setex")) { Flag = "write", Keys = (1, 1, 1) },
        new("psetex", 4, static context => SetExpiring(context, Expiry.Milliseconds, "psetex")) { Flag = "write", Keys = (1, 1, 1) },
    ];

    private static void Set(CommandContext context)
    {
        if (!TryParse(context, out Condition condition, out long? expiresAt, out bool returnsOld))
        {
            return;
        }

        StoredValue? old = context.Keyspace.Find(context[1]);
        if (returnsOld && !context.CanRead(old))
        {
            return;
        }

        bool isPresent = old is not null;
        if (condition == (isPresent ? Condition.IfMissing : Condition.IfPresent))
        {
            if (returnsOld)
            {
                StringCommands.ReplyValue(context, old);
            }
            else
            {
                context.Reply.Null();
            }

            return;
        }

        if (TryPrepare(context, 2, isPresent) is not { } value)
        {
            return;
        }

        if (returnsOld)
        {
            StringCommands.ReplyValue(context, old);
        }
        else
        {
            context.Reply.Ok();
        }

        context.Keyspace.TrySet(context[1], value, expiresAt, isNameCharged: !isPresent);
    }

    private static void SetIfMissing(CommandContext context)
    {
        if (context.Keyspace.Find(context[1]) is not null)
        {
            context.Reply.Integer(0);
        }
        else if (TryPrepare(context, 2, isPresent: false) is { } value)
        {
            context.Keyspace.TrySet(context[1], value, expiresAt: 0, isNameCharged: true);
            context.Reply.Integer(1);
        }
    }

    private static void SetExpiring(CommandContext context, Expiry.Unit unit, string command)
    {
        bool isPresent = context.Keyspace.Find(context[1]) is not null;
        if (Expiry.TryRead(context, 2, unit, command, out long at) && TryPrepare(context, 3, isPresent) is { } value)
        {
            context.Keyspace.TrySet(context[1], value, at, isNameCharged: !isPresent);
            context.Reply.Ok();
        }
    }

    /// <summary>All of it that can fail, ahead of any other reply; replies itself when memory does not suffice.</summary>
    private static StoredValue? TryPrepare(CommandContext context, int valueIndex, bool isPresent)
    {
        StoredValue? value = context.TryPrepareSet(keyIndex: 1, valueIndex, chargesName: !isPresent);
        if (value is null)
        {
            context.Reply.Error(Errors.OutOfMemory);
        }

        return value;
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
