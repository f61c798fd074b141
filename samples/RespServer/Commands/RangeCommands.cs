using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>APPEND, SETRANGE, GETRANGE.</summary>
internal static class RangeCommands
{
    public static Command[] All { get; } =
    [
        new("append", 3, Append) { Flag = "write", Keys = (1, 1, 1) },
        new("setrange", 4, SetRange) { Flag = "write", Keys = (1, 1, 1) },
        new("getrange", 4, GetRange) { Flag = "readonly", Keys = (1, 1, 1) },
    ];

    private static void Append(CommandContext context) =>
        Write(context, context.Keyspace.Find(context[1])?.Length ?? 0, context[2], spare: true);

    private static void SetRange(CommandContext context)
    {
        if (!context.TryGetInteger(2, out long offset))
        {
            return;
        }

        ReadOnlySpan<byte> bytes = context[3];
        if (offset < 0)
        {
            context.Reply.Error(Errors.OffsetOutOfRange);
        }
        else if (bytes.IsEmpty)
        {
            context.Reply.Integer(context.Keyspace.Find(context[1])?.Length ?? 0);
        }
        else
        {
            Write(context, offset, bytes, spare: false);
        }
    }

    private static void Write(CommandContext context, long offset, ReadOnlySpan<byte> bytes, bool spare)
    {
        if (offset > ValueFactory.MaxLength - bytes.Length)
        {
            context.Reply.Error(Errors.TooLong);
            return;
        }

        int length = context.Keyspace.Write(context[1], (int)offset, bytes, spare);
        if (length >= 0)
        {
            context.Reply.Integer(length);
        }
        else
        {
            context.Reply.Error(Errors.OutOfMemory);
        }
    }

    private static void GetRange(CommandContext context)
    {
        if (!context.TryGetInteger(2, out long start) || !context.TryGetInteger(3, out long end))
        {
            return;
        }

        StoredValue? value = context.Keyspace.Find(context[1]);
        int length = value?.Length ?? 0;

        // Both ends are inclusive; negative ones count from the end.
        bool isReversed = start < 0 && end < 0 && start > end;
        start = Math.Max(0, start < 0 ? start + length : start);
        end = Math.Min(length - 1, Math.Max(0, end < 0 ? end + length : end));
        if (value is null || isReversed || start > end)
        {
            context.Reply.Bulk(""u8);
        }
        else
        {
            value.Reply(context.Reply, (int)start, (int)(end - start + 1));
        }
    }
}
