using System.Net.Sockets;
using FastBuffers.Samples.Resp.Commands;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>One client: a loop that reads its commands, runs them and has the replies sent.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>After a protocol error: how much of what the client is still sending is read, so that it sees the error.</summary>
    private const int LingerBytes = 1024 * 1024;

    private readonly RespServer _server;
    private readonly Socket _socket;
    private readonly RequestReader _reader;
    private readonly CommandContext _context;
    private readonly Outbox _outbox;
    private readonly Sender _sender;

    public Connection(RespServer server, Socket socket, long id)
    {
        _server = server;
        _socket = socket;
        _outbox = new Outbox(server.Options.MaxQueuedBytes, server.Options.HighWaterBytes, overflow: Drop);
        _sender = new Sender(socket, _outbox, server.Options, server.Counters, Abort);
        var stream = new NetworkStream(socket, ownsSocket: false);
        _reader = new RequestReader(stream, server.Options.Limits, server.Memory, server.StorageCounters);
        Client = new Client(id, $"{socket.RemoteEndPoint}", _outbox, _sender);
        _context = new CommandContext(server, Client, _reader.Request);
    }

    public Client Client { get; }

    /// <summary>Serves the client until it leaves, is given up, or the server stops; what was answered is still sent.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await ServeAsync(stopping);
            _sender.Flush();
            await _outbox.WaitUntilEmptyAsync();
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
            await _outbox.CloseAsync();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Dispose();
    }

    /// <summary>Gives the client up if it has taken nothing for too long.</summary>
    public void CheckProgress(long now)
    {
        if (_sender.IsStuck(now))
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
                    await _context.ExecuteAsync();
                    _reader.Request.Clear();
                    if (Client.IsLeaving)
                    {
                        return;
                    }

                    if (_outbox.IsFull)
                    {
                        _sender.Flush();
                        await _outbox.WaitForRoomAsync();
                    }
                }

                _sender.Flush();
            }
            while (await _reader.FillAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What has been answered is still sent.
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

            _sender.Flush();
            await _outbox.WaitUntilEmptyAsync();
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
