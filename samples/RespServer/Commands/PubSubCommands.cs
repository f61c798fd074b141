using FastBuffers.Samples.Resp.Net;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>SUBSCRIBE, UNSUBSCRIBE, PUBLISH.</summary>
internal static class PubSubCommands
{
    public static Command[] All { get; } =
    [
        new("subscribe", -2, Subscribe) { Flag = "pubsub", WhileSubscribed = true },
        new("unsubscribe", -1, Unsubscribe) { Flag = "pubsub", WhileSubscribed = true },
        new("publish", 3, Publish) { Flag = "pubsub" },
    ];

    private static void Subscribe(CommandContext context)
    {
        for (int i = 1; i < context.Count; i++)
        {
            if (!context.Server.Channels.TrySubscribe(context.Client, context[i]))
            {
                context.Reply.Error(Errors.OutOfMemory);
                return;
            }

            Confirm(context, "subscribe"u8, context[i]);
        }
    }

    private static void Unsubscribe(CommandContext context)
    {
        if (context.Count > 1)
        {
            for (int i = 1; i < context.Count; i++)
            {
                context.Server.Channels.Unsubscribe(context.Client, context[i]);
                Confirm(context, "unsubscribe"u8, context[i]);
            }
        }
        else if (context.Client.Channels.Count == 0)
        {
            context.Reply.Array(3);
            context.Reply.Bulk("unsubscribe"u8);
            context.Reply.Null();
            context.Reply.Integer(0);
        }
        else
        {
            foreach (byte[] channel in context.Client.Channels.ToArray())
            {
                context.Server.Channels.Unsubscribe(context.Client, channel);
                Confirm(context, "unsubscribe"u8, channel);
            }
        }
    }

    private static void Confirm(CommandContext context, ReadOnlySpan<byte> what, ReadOnlySpan<byte> channel)
    {
        context.Reply.Array(3);
        context.Reply.Bulk(what);
        context.Reply.Bulk(channel);
        context.Reply.Integer(context.Client.Channels.Count);
    }

    private static void Publish(CommandContext context)
    {
        IReadOnlyList<Client> listeners = context.Server.Channels.ListenersOf(context[1]);
        if (listeners.Count > 0 && context.Request.IsLarge(2))
        {
            // One region for all: each listener holds a share of the same lease, and the last to have been sent it frees the region.
            using LargeValue payload = context.Request.TakeLarge(2);
            using PinnedBytes frame = payload.PinFrame();
            foreach (Client listener in listeners)
            {
                StartMessage(listener, context[1]);
                listener.Reply.Framed(frame.Share());
                listener.FlushLater();
            }
        }
        else
        {
            foreach (Client listener in listeners)
            {
                StartMessage(listener, context[1]);
                listener.Reply.Bulk(context[2]);
                listener.FlushLater();
            }
        }

        context.Reply.Integer(listeners.Count);
    }

    private static void StartMessage(Client listener, ReadOnlySpan<byte> channel)
    {
        listener.Reply.Array(3);
        listener.Reply.Bulk("message"u8);
        listener.Reply.Bulk(channel);
    }
}
