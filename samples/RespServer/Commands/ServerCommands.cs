using System.Globalization;
using System.IO.Enumeration;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INFO, COMMAND, CONFIG GET, DBSIZE, FLUSHALL.</summary>
internal static class ServerCommands
{
    public static Command[] All { get; } =
    [
        new("info", -1, ServerInfo.Reply),
        new("command", -1, CommandInfo),
        new("config", -2, Config),
        new("dbsize", 1, static context => context.Reply.Integer(context.Keyspace.Count)),
        new("flushall", -1, FlushAll) { Flag = "write" },
    ];

    /// <summary>Clients choose commands by the version. This one's are a small part of it.</summary>
    public static ReadOnlySpan<byte> RedisVersion => "7.0.0"u8;

    private static void FlushAll(CommandContext context)
    {
        if (context.Count > 2 || (context.Count == 2 && !context.Is(1, "SYNC"u8) && !context.Is(1, "ASYNC"u8)))
        {
            context.Reply.Error(Errors.Syntax);
            return;
        }

        context.Keyspace.Clear();
        context.Reply.Ok();
    }

    private static void CommandInfo(CommandContext context)
    {
        if (context.Count == 1)
        {
            context.Reply.Array(CommandTable.All.Count);
            foreach (Command command in CommandTable.All)
            {
                Describe(context, command);
            }
        }
        else if (context.Is(1, "COUNT"u8) && context.Count == 2)
        {
            context.Reply.Integer(CommandTable.All.Count);
        }
        else if (context.Is(1, "DOCS"u8))
        {
            // Documentation is optional for every command; clients that ask for it live without.
            context.Reply.EmptyArray();
        }
        else if (context.Is(1, "INFO"u8))
        {
            context.Reply.Array(context.Count - 2);
            for (int i = 2; i < context.Count; i++)
            {
                Describe(context, CommandTable.Find(context[i]));
            }
        }
        else
        {
            context.Reply.Error(Errors.UnknownSubcommand("COMMAND", context.Text(1)));
        }
    }

    private static void Describe(CommandContext context, Command? command)
    {
        if (command is null)
        {
            context.Reply.Null();
            return;
        }

        context.Reply.Array(6);
        context.Reply.Bulk(command.Name);
        context.Reply.Integer(command.Arity);
        context.Reply.Array(1);
        context.Reply.Bulk(command.Flag);
        context.Reply.Integer(command.Keys.First);
        context.Reply.Integer(command.Keys.Last);
        context.Reply.Integer(command.Keys.Step);
    }

    private static void Config(CommandContext context)
    {
        if (!context.Is(1, "GET"u8))
        {
            context.Reply.Error(Errors.UnknownSubcommand("CONFIG", context.Text(1)));
            return;
        }

        if (context.Count == 2)
        {
            context.Reply.Error(Errors.WrongArguments("config|get"));
            return;
        }

        (string Name, string Value)[] found = Array.FindAll(Settings(context.Server.Options), setting => Matches(context, setting.Name));
        context.Reply.Array(found.Length * 2);
        foreach ((string name, string value) in found)
        {
            context.Reply.Bulk(name);
            context.Reply.Bulk(value);
        }
    }

    private static bool Matches(CommandContext context, string name)
    {
        for (int i = 2; i < context.Count; i++)
        {
            if (FileSystemName.MatchesSimpleExpression(context.Text(i), name))
            {
                return true;
            }
        }

        return false;
    }

    private static (string Name, string Value)[] Settings(RespServerOptions options) =>
    [
        ("appendonly", "no"),
        ("bind", options.Bind.ToString()),
        ("databases", "1"),
        ("maxclients", options.MaxClients.ToString(CultureInfo.InvariantCulture)),
        ("maxmemory", options.MaxMemory.ToString(CultureInfo.InvariantCulture)),
        ("maxmemory-policy", "noeviction"),
        ("proto-max-bulk-len", options.Limits.MaxBulkLength.ToString(CultureInfo.InvariantCulture)),
        ("save", ""),
        ("timeout", "0"),
    ];
}
