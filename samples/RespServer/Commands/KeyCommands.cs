namespace FastBuffers.Samples.Resp.Commands;

/// <summary>DEL and UNLINK, EXISTS, EXPIRE and its kin, PERSIST, TTL, PTTL.</summary>
internal static class KeyCommands
{
    public static Command[] All { get; } =
    [
        new("del", -2, Delete) { Flag = "write", Keys = (1, -1, 1) },
        new("unlink", -2, Delete) { Flag = "write", Keys = (1, -1, 1) },
        new("exists", -2, Exists) { Flag = "readonly", Keys = (1, -1, 1) },
        new("expire", 3, static context => Expire(context, Expiry.Seconds, "expire")) { Flag = "write", Keys = (1, 1, 1) },
        new("pexpire", 3, static context => Expire(context, Expiry.Milliseconds, "pexpire")) { Flag = "write", Keys = (1, 1, 1) },
        new("expireat", 3, static context => Expire(context, Expiry.UnixSeconds, "expireat")) { Flag = "write", Keys = (1, 1, 1) },
        new("pexpireat", 3, static context => Expire(context, Expiry.UnixMilliseconds, "pexpireat")) { Flag = "write", Keys = (1, 1, 1) },
        new("persist", 2, Persist) { Flag = "write", Keys = (1, 1, 1) },
        new("ttl", 2, static context => TimeToLive(context, 1000)) { Flag = "readonly", Keys = (1, 1, 1) },
        new("pttl", 2, static context => TimeToLive(context, 1)) { Flag = "readonly", Keys = (1, 1, 1) },
    ];

    private static void Delete(CommandContext context)
    {
        int removed = 0;
        for (int i = 1; i < context.Count; i++)
        {
            removed += context.Keyspace.Remove(context[i]) ? 1 : 0;
        }

        context.Reply.Integer(removed);
    }

    private static void Exists(CommandContext context)
    {
        int found = 0;
        for (int i = 1; i < context.Count; i++)
        {
            found += context.Keyspace.Find(context[i]) is null ? 0 : 1;
        }

        context.Reply.Integer(found);
    }

    private static void Expire(CommandContext context, Expiry.Unit unit, string command)
    {
        if (!context.TryGetInteger(2, out long count))
        {
            return;
        }

        if (!Expiry.TryScale(context, count, unit, out long at))
        {
            context.Reply.Error(Errors.InvalidExpiry(command));
        }
        else if (at <= context.Keyspace.Now)
        {
            context.Reply.Integer(context.Keyspace.Remove(context[1]) ? 1 : 0);
        }
        else
        {
            bool isPresent = context.Keyspace.Find(context[1]) is not null;
            context.Reply.Integer(isPresent && context.Keyspace.SetExpiry(context[1], at) ? 1 : 0);
        }
    }

    private static void Persist(CommandContext context) =>
        context.Reply.Integer(context.Keyspace.ExpiryOf(context[1]) > 0 && context.Keyspace.SetExpiry(context[1], 0) ? 1 : 0);

    private static void TimeToLive(CommandContext context, int unit)
    {
        long at = context.Keyspace.ExpiryOf(context[1]);
        context.Reply.Integer(at switch
        {
            -1 => -2,
            0 => -1,
            _ => (Math.Max(0, at - context.Keyspace.Now) + (unit / 2)) / unit,
        });
    }
}
