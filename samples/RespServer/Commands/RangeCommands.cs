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

    private static void Append(CommandContext context)
    {
        StoredValue? value = context.Keyspace.Find(context[1]);
        Write(context, value, value?.Length ?? 0, argument: 2, spare: true);
    }

    private static void SetRange(CommandContext context)
    {
        if (!context.TryGetInteger(2, out long offset))
        {
            return;
        }

        StoredValue? value = context.Keyspace.Find(context[1]);
        if (offset < 0)
        {
            context.Reply.Error(Errors.OffsetOutOfRange);
        }
        else if (context[3].IsEmpty)
        {
            context.Reply.Integer(value?.Length ?? 0);
        }
        else
        {
            Write(context, value, offset, argument: 3, spare: false);
        }
    }

    private static void Write(CommandContext context, StoredValue? value, long offset, int argument, bool spare)
    {
        ReadOnlySpan<byte> bytes = context[argument];
        if (offset > ValueFactory.MaxLength - bytes.Length)
        {
            context.Reply.Error(Errors.TooLong);
            return;
        }

        if (bytes.Length >= StoredValue.LargeLength
            && value is LargeValue large
            && large.TryBeginEdit((int)offset, bytes.Length, out RangeEdit edit))
        {
            context.FinishOutside(edit, argument);
            return;
        }

        int length = Math.Max(value?.Length ?? 0, (int)offset + bytes.Length);
        switch (context.Keyspace.Write(context[1], value, (int)offset, bytes, spare, copies: !context.MayWaitForSenders))
        {
            case WriteResult.Written:
                context.Reply.Integer(length);
                break;
            case WriteResult.Sending:
                context.WaitForSenders((LargeValue)value!, (int)offset, bytes.Length);
                break;
            case WriteResult.Held:
                context.WaitFor(value!.Edits!);
                break;
            default:
                context.Reply.Error(Errors.OutOfMemory);
                break;
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
        else if (context.CanRead(value, (int)start, (int)(end - start + 1)))
        {
            value.Reply(context.Reply, (int)start, (int)(end - start + 1));
        }
    }
}
