using System.Net.Sockets;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>
/// Sends what is in a client's outbox, on whatever thread noticed that there is something. Large values go to the socket straight from
/// their regions; each lease is released when its last byte has been taken.
/// </summary>
internal sealed class Sender(Socket socket, Outbox outbox, RespServerOptions options, ServerCounters counters, Action abort) : IThreadPoolWorkItem
{
    /// <summary>So much, in bytes, has to be taken within the send timeout.</summary>
    private const int SendBytes = 128 * 1024;

    private const long NotSending = -1;

    private List<Outgoing> _batch = [];
    private long _sendingSince = NotSending;

    /// <summary>Sends what waits, unless that is already being done; returns when the socket takes no more, or nothing is left.</summary>
    public void Flush()
    {
        if (outbox.TryStartSending())
        {
            _ = SendAllAsync();
        }
    }

    /// <summary>The same on another thread: for publishers, who are under the keyspace's lock and do not send.</summary>
    public void FlushLater() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Flush();

    /// <summary>Whether the client has taken nothing for the send timeout. Says so once.</summary>
    public bool IsStuck(long now)
    {
        long since = Volatile.Read(ref _sendingSince);
        return since != NotSending
            && options.TimeProvider.GetElapsedTime(since, now) >= options.SendTimeout
            && Interlocked.CompareExchange(ref _sendingSince, NotSending, since) == since;
    }

    private async Task SendAllAsync()
    {
        int sent = 0;
        try
        {
            while (outbox.TryTake(ref _batch))
            {
                for (sent = 0; sent < _batch.Count; sent++)
                {
                    await SendAsync(_batch[sent].Memory);
                    _batch[sent].Dispose();
                }

                _batch.Clear();
            }
        }
        catch (Exception exception)
        {
            if (exception is not (SocketException or ObjectDisposedException))
            {
                counters.CountFault();
            }

            for (; sent < _batch.Count; sent++)
            {
                _batch[sent].Dispose();
            }

            outbox.Fail();
            abort();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Volatile.Write(ref _sendingSince, options.TimeProvider.GetTimestamp());
            int count = await socket.SendAsync(bytes[..Math.Min(bytes.Length, SendBytes)]);
            Volatile.Write(ref _sendingSince, NotSending);
            outbox.Sent(count);
            counters.CountSent(count);
            bytes = bytes[count..];
        }
    }
}
