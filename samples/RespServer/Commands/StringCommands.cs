using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>GET, MGET, MSET, STRLEN.</summary>
internal static class StringCommands
{
    public static Command[] All { get; } =
    [
        new("get", 2, Get) { Flag = "readonly", Keys = (1, 1, 1) },
        new("mget", -2, MultiGet) { Flag = "readonly", Keys = (1, -1, 1) },
        new("mset", -3, MultiSet) { Flag = "write", Keys = (1, -1, 2) },
        new("strlen", 2, StringLength) { Flag = "readonly", Keys = (1, 1, 1) },
    ];

    /// <summary>Replies with a value that can be read, or with none.</summary>
    public static void ReplyValue(CommandContext context, StoredValue? value)
    {
        if (value is null)
        {
            context.Reply.Null();
        }
        else
        {
            value.Reply(context.Reply);
        }
    }

    private static void Get(CommandContext context)
    {
        StoredValue? value = context.Keyspace.Find(context[1]);
        if (context.CanRead(value))
        {
            ReplyValue(context, value);
        }
    }

    private static void MultiGet(CommandContext context)
    {
        for (int i = 1; i < context.Count; i++)
        {
            if (!context.CanRead(context.Keyspace.Find(context[i])))
            {
                return;
            }
        }

        context.Reply.Array(context.Count - 1);
        for (int i = 1; i < context.Count; i++)
        {
            ReplyValue(context, context.Keyspace.Find(context[i]));
        }
    }

    private static void MultiSet(CommandContext context)
    {
        if (context.Count % 2 == 0)
        {
            context.Reply.Error(Errors.WrongArguments("mset"));
            return;
        }

        // All or nothing: first what can fail.
        var values = new StoredValue[context.Count / 2];
        int made = 0;
        while (made < values.Length && context.TryPrepareSet(KeyIndex(made), KeyIndex(made) + 1, chargesName: true) is { } value)
        {
            values[made++] = value;
        }

        if (made < values.Length)
        {
            for (int i = 0; i < made; i++)
            {
                values[i].Dispose();
                context.Keyspace.ReleaseName(context[KeyIndex(i)]);
            }

            context.Reply.Error(Errors.OutOfMemory);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            context.Keyspace.TrySet(context[KeyIndex(i)], values[i], expiresAt: 0, isNameCharged: true);
        }

        context.Reply.Ok();
    }

    private static int KeyIndex(int pair) => 1 + (pair * 2);

    private static void StringLength(CommandContext context) =>
        context.Reply.Integer(context.Keyspace.Find(context[1])?.Length ?? 0);
}
