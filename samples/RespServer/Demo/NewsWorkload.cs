using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>A publisher and its listeners: every message must reach every listener once, in order, as it was sent.</summary>
internal sealed class NewsWorkload(ISubscriber publisher, IReadOnlyList<ISubscriber> listeners, Tally tally) : IDisposable
{
    private const int MaxLength = 1024 * 1024;
    private const int Ahead = 16;

    private static readonly RedisChannel s_channel = RedisChannel.Literal("news");

    private readonly SemaphoreSlim _room = new(Ahead * listeners.Count);
    private readonly ulong[] _received = new ulong[listeners.Count];

    public async Task ListenAsync()
    {
        for (int i = 0; i < listeners.Count; i++)
        {
            int listener = i;
            ChannelMessageQueue messages = await listeners[i].SubscribeAsync(s_channel);
            messages.OnMessage(message => Receive(listener, message.Message));
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(1);
        for (ulong number = 1; !stop.IsCancellationRequested; number++)
        {
            for (int i = 0; i < listeners.Count; i++)
            {
                await _room.WaitAsync(CancellationToken.None);
            }

            byte[] message = Pattern.CreateTagged(Pattern.RandomLength(random, MaxLength), number);
            long receivers = await publisher.PublishAsync(s_channel, message);
            tally.Count("PUBLISH", receivers == listeners.Count, message.Length, "news");
        }

        // All of the room back: everything that was published has arrived.
        for (int i = 0; i < Ahead * listeners.Count; i++)
        {
            if (!await _room.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None))
            {
                tally.Mistake("a published message did not arrive");
                return;
            }
        }
    }

    public void Dispose() => _room.Dispose();

    private void Receive(int listener, RedisValue message)
    {
        ReadOnlyMemory<byte> bytes = message;
        bool isRight = Pattern.IsTagged(bytes.Span, out ulong number) && number == ++_received[listener];
        tally.Count("message", isRight, bytes.Length, "news");
        _room.Release();
    }
}
