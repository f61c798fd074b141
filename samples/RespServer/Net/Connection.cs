using System.Net.Sockets;
using FastBuffers.Samples.Resp.Commands;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>
/// One client: a loop that reads and runs its commands, and a sender that runs whenever there is something to send, on whatever thread
/// noticed.
/// </summary>
internal sealed class Connection : IThreadPoolWorkItem, IDisposable
{
    /// <summary>A send that takes longer than the send timeout is one in which the client took less than this, in bytes.</summary>
    private const int SendBytes = 128 * 1024;

    /// <summary>After a protocol error: how much of what the client is still sending is read, so that it sees the error.</summary>
    private const int LingerBytes = 1024 * 1024;

    private const long NotSending = -1;

    private readonly RespServer _server;
    private readonly Socket _socket;
    private readonly RequestReader _reader;
    private readonly CommandContext _context;
    private List<Outgoing> _batch = [];
    private long _sendingSince = NotSending;

    public Connection(RespServer server, Socket socket, long id)
    {
        _server = server;
        _socket = socket;
        Outbox = new Outbox(server.Options.MaxQueuedBytes, server.Options.HighWaterBytes, overflow: Drop);
        var stream = new NetworkStream(socket, ownsSocket: false);
        _reader = new RequestReader(stream, server.Options.Limits, server.Budget, server.StorageCounters);
        Client = new Client(id, $"{socket.RemoteEndPoint}", Outbox, this);
        _context = new CommandContext(server, Client, _reader.Request);
    }

    public Client Client { get; }

    public Outbox Outbox { get; }

    /// <summary>Serves the client until it leaves, is given up, or the server stops; what was answered is still sent.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await ServeAsync(stopping);
            Flush();
            await Outbox.WaitUntilEmptyAsync();
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (ProtocolException exception)
        {
            _server.Counters.CountProtocolError();
            await RefuseAsync(exception.Message, stopping);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or was given up.
        }
        finally
        {
            lock (_server.Keyspace.Lock)
            {
                _server.Channels.Leave(Client);
            }

            Dispose();
            await Outbox.CloseAsync();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Dispose();
    }

    /// <summary>Sends what waits, unless that is already being done; returns when the socket takes no more, or nothing is left.</summary>
    public void Flush()
    {
        if (Outbox.TryStartSending())
        {
            _ = SendAsync();
        }
    }

    void IThreadPoolWorkItem.Execute() => Flush();

    /// <summary>Gives the client up if it has taken nothing for too long.</summary>
    public void CheckProgress(long now)
    {
        long since = Volatile.Read(ref _sendingSince);
        if (since != NotSending
            && _server.Options.TimeProvider.GetElapsedTime(since, now) >= _server.Options.SendTimeout
            && Interlocked.CompareExchange(ref _sendingSince, NotSending, since) == since)
        {
            Drop();
        }
    }

    /// <summary>Gives the client up, off the caller's thread, which may hold locks.</summary>
    public void Drop()
    {
        _server.Counters.CountDropped();
        Abort();
    }

    /// <summary>Ends the connection at once, off the caller's thread.</summary>
    public void Abort() => ThreadPool.UnsafeQueueUserWorkItem(static connection => connection._socket.Close(0), this, preferLocal: false);

    private async Task ServeAsync(CancellationToken stopping)
    {
        try
        {
            do
            {
                while (!stopping.IsCancellationRequested && _reader.TryRead())
                {
                    _context.Execute();
                    _reader.Request.Clear();
                    if (Client.IsLeaving)
                    {
                        return;
                    }

                    if (Outbox.IsFull)
                    {
                        Flush();
                        await Outbox.WaitForRoomAsync();
                    }
                }

                Flush();
            }
            while (await _reader.FillAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What has been answered is still sent.
        }
    }

    private async Task SendAsync()
    {
        int sent = 0;
        try
        {
            while (Outbox.TryTake(ref _batch))
            {
                for (sent = 0; sent < _batch.Count; sent++)
                {
                    await SendAsync(_batch[sent].Memory);
                    _batch[sent].Dispose();
                }

                _batch.Clear();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            for (; sent < _batch.Count; sent++)
            {
                _batch[sent].Dispose();
            }

            Outbox.Fail();
            Abort();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Volatile.Write(ref _sendingSince, _server.Options.TimeProvider.GetTimestamp());
            int count = await _socket.SendAsync(bytes[..Math.Min(bytes.Length, SendBytes)]);
            Volatile.Write(ref _sendingSince, NotSending);
            Outbox.Sent(count);
            _server.Counters.CountSent(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Sends the error and closes in a way that lets the client read it.</summary>
    private async Task RefuseAsync(string message, CancellationToken stopping)
    {
        try
        {
            lock (_server.Keyspace.Lock)
            {
                Client.Reply.Error(message);
            }

            Flush();
            await Outbox.WaitUntilEmptyAsync();
            _socket.Shutdown(SocketShutdown.Send);

            // A socket closed with unread bytes resets the connection, and the error would be lost with it.
            using var linger = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            linger.CancelAfter(TimeSpan.FromSeconds(1));
            byte[] ignored = new byte[4096];
            for (int total = 0, count = 1; total < LingerBytes && count > 0; total += count)
            {
                count = await _socket.ReceiveAsync(ignored, linger.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It did not want to know.
        }
    }
}
