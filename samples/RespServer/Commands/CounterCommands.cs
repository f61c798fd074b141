using System.Buffers.Text;
using FastBuffers.Samples.Resp.Protocol;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INCR, INCRBY, DECR, DECRBY.</summary>
internal static class CounterCommands
{
    private const int LongestInteger = 20;

    public static Command[] All { get; } =
    [
        new("incr", 2, static context => Add(context, 1)) { Flag = "write", Keys = (1, 1, 1) },
        new("decr", 2, static context => Add(context, -1)) { Flag = "write", Keys = (1, 1, 1) },
        new("incrby", 3, IncrementBy) { Flag = "write", Keys = (1, 1, 1) },
        new("decrby", 3, DecrementBy) { Flag = "write", Keys = (1, 1, 1) },
    ];

    private static void IncrementBy(CommandContext context)
    {
        if (context.TryGetInteger(2, out long delta))
        {
            Add(context, delta);
        }
    }

    private static void DecrementBy(CommandContext context)
    {
        if (!context.TryGetInteger(2, out long delta))
        {
            return;
        }

        if (delta == long.MinValue)
        {
            context.Reply.Error(Errors.DecrementOverflow);
        }
        else
        {
            Add(context, -delta);
        }
    }

    private static void Add(CommandContext context, long delta)
    {
        if (!TryReadCounter(context, out long current))
        {
            context.Reply.Error(Errors.NotAnInteger);
            return;
        }

        long next = unchecked(current + delta);
        if (((current ^ next) & (delta ^ next)) < 0)
        {
            context.Reply.Error(Errors.Overflow);
            return;
        }

        Span<byte> text = stackalloc byte[LongestInteger];
        Utf8Formatter.TryFormat(next, text, out int length);
        if (context.Keyspace.Values.TryCreate(text[..length]) is { } value && context.Keyspace.TrySet(context[1], value, expiresAt: null))
        {
            context.Reply.Integer(next);
        }
        else
        {
            context.Reply.Error(Errors.OutOfMemory);
        }
    }

    private static bool TryReadCounter(CommandContext context, out long current)
    {
        current = 0;
        StoredValue? value = context.Keyspace.Find(context[1]);
        if (value is null)
        {
            return true;
        }

        if (value.Length > LongestInteger)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[LongestInteger];
        value.CopyTo(text[..value.Length]);
        return RespInteger.TryParse(text[..value.Length], out current);
    }
}
