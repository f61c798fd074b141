using FastBuffers.Samples.Resp.Protocol;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>What commands know of the client that sent them. Used under the keyspace's lock.</summary>
internal sealed class Client(long id, string address, Outbox outbox, Sender sender)
{
    public long Id => id;

    public string Address => address;

    public string Name { get; set; } = "";

    /// <summary>Bytes on their way to it.</summary>
    public long QueuedBytes => outbox.QueuedBytes;

    /// <summary>The channels it listens to.</summary>
    public HashSet<byte[]> Channels { get; } = new(new NameComparer());

    public ReplyWriter Reply { get; } = new(outbox);

    /// <summary>It said QUIT: the connection ends when everything has been sent.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Has what was written sent by another thread.</summary>
    public void FlushLater() => sender.FlushLater();
}
