namespace FastBuffers.Samples.Resp.Commands;

/// <summary>PING, ECHO, HELLO, SELECT, QUIT.</summary>
internal static class ConnectionCommands
{
    public static Command[] All { get; } =
    [
        new("ping", -1, Ping) { WhileSubscribed = true },
        new("echo", 2, static context => context.Echo(1)),
        new("hello", -1, Hello),
        new("select", 2, Select),
        new("quit", -1, Quit) { WhileSubscribed = true },

        // What a browser that was tricked into talking to this port would send. Redis, too, hangs up on it.
        new("post", -1, HangUp) { WhileSubscribed = true },
        new("host:", -1, HangUp) { WhileSubscribed = true },
    ];

    private static void Ping(CommandContext context)
    {
        if (context.Count > 2)
        {
            context.Reply.Error(Errors.WrongArguments("ping"));
        }
        else if (context.Client.Channels.Count > 0)
        {
            context.Reply.Array(2);
            context.Reply.Bulk("pong"u8);
            EchoOrEmpty(context);
        }
        else if (context.Count == 2)
        {
            context.Echo(1);
        }
        else
        {
            context.Reply.Simple("PONG"u8);
        }
    }

    private static void EchoOrEmpty(CommandContext context)
    {
        if (context.Count == 2)
        {
            context.Echo(1);
        }
        else
        {
            context.Reply.Bulk(""u8);
        }
    }

    private static void Hello(CommandContext context)
    {
        if (context.Count > 1 && !context.Is(1, "2"u8))
        {
            context.Reply.Error(Errors.NoProtocol);
            return;
        }

        for (int i = 2; i < context.Count; i += 2)
        {
            if (i + 1 == context.Count || !context.Is(i, "SETNAME"u8))
            {
                context.Reply.Error($"ERR Syntax error in HELLO option '{context.Text(i)}'");
                return;
            }

            if (!ClientCommands.TrySetName(context, i + 1))
            {
                return;
            }
        }

        context.Reply.Array(14);
        Field(context, "server"u8, "redis"u8);
        Field(context, "version"u8, ServerCommands.RedisVersion);
        Field(context, "proto"u8, 2);
        Field(context, "id"u8, context.Client.Id);
        Field(context, "mode"u8, "standalone"u8);
        Field(context, "role"u8, "master"u8);
        context.Reply.Bulk("modules"u8);
        context.Reply.EmptyArray();
    }

    private static void Field(CommandContext context, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        context.Reply.Bulk(name);
        context.Reply.Bulk(value);
    }

    private static void Field(CommandContext context, ReadOnlySpan<byte> name, long value)
    {
        context.Reply.Bulk(name);
        context.Reply.Integer(value);
    }

    private static void Select(CommandContext context)
    {
        if (!context.TryGetInteger(1, out long index))
        {
            return;
        }

        if (index == 0)
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(Errors.DatabaseOutOfRange);
        }
    }

    private static void Quit(CommandContext context)
    {
        context.Client.IsLeaving = true;
        context.Reply.Ok();
    }

    private static void HangUp(CommandContext context) => context.Client.IsLeaving = true;
}
