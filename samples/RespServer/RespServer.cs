using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Net;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp;

/// <summary>
/// A server that speaks the Redis protocol and keeps its values in native regions. Large values are sent straight from their regions
/// under Immutable leases; writers wait for slow readers for a moment at most.
/// </summary>
public sealed class RespServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private Task _background = Task.CompletedTask;
    private long _lastId;

    /// <summary>Makes a server; <see cref="Start"/> starts it.</summary>
    public RespServer(RespServerOptions? options = null)
    {
        Options = options ?? new RespServerOptions();
        Memory = new ServerMemory(Options.MaxMemory);
        Keyspace = new Keyspace(Memory, StorageCounters, Options.TimeProvider);
        Channels = new Channels(Memory);
        WriteWaits = new LockManager(new() { TimeProvider = Options.TimeProvider });
        EndPoint = new IPEndPoint(Options.Bind, Options.Port);
        _listener = new Socket(Options.Bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    }

    /// <summary>How the server was configured.</summary>
    public RespServerOptions Options { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; }

    internal ServerMemory Memory { get; }

    internal StorageCounters StorageCounters { get; } = new();

    internal ServerCounters Counters { get; } = new();

    internal Keyspace Keyspace { get; }

    internal Channels Channels { get; }

    /// <summary>Cancelled when the server stops.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>What writes wait through.</summary>
    internal LockManager WriteWaits { get; }

    internal ICollection<Connection> Connections => _connections.Keys;

    internal long StartedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Listens and serves until <see cref="StopAsync"/>.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public void Start()
    {
        _listener.Bind(EndPoint);
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _background = Task.WhenAll(AcceptAsync(), SweepAsync());
    }

    /// <summary>
    /// Accepts no more clients and commands, sends what has been answered, and frees all memory. A client that does not take its
    /// answers within the drain timeout is cut off.
    /// </summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _background;
        _listener.Dispose();

        var served = Task.WhenAll(_connections.Values);
        await Task.WhenAny(served, Task.Delay(Options.DrainTimeout));
        foreach (Connection connection in Connections)
        {
            connection.Abort();
        }

        await served;
        lock (Keyspace.Lock)
        {
            Keyspace.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Memory.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptAsync(_stopping.Token);
                Counters.CountAccepted();
                Serve(socket);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that left before it was accepted, or no descriptors: the others must not suffer.
                await Task.Delay(10);
            }
        }
    }

    private void Serve(Socket socket)
    {
        if (_connections.Count >= Options.MaxClients)
        {
            Counters.CountRejected();
            using (socket)
            {
                socket.Send("-ERR max number of clients reached\r\n"u8);
            }

            return;
        }

        socket.NoDelay = true;
        var connection = new Connection(this, socket, ++_lastId);
        var served = new TaskCompletionSource();
        _connections.TryAdd(connection, served.Task);
        _ = ServeAsync(connection, served);
    }

    private async Task ServeAsync(Connection connection, TaskCompletionSource served)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        catch (Exception exception)
        {
            // A fault of the server's own: it ends this connection, and the others go on.
            Counters.CountFault();
            await Console.Error.WriteLineAsync($"Connection {connection.Client.Id}: {exception}");
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            served.SetResult();
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(Options.SweepInterval, Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                bool more = true;
                while (more)
                {
                    lock (Keyspace.Lock)
                    {
                        more = Keyspace.Sweep();
                    }
                }

                long now = Options.TimeProvider.GetTimestamp();
                foreach (Connection connection in Connections)
                {
                    connection.CheckProgress(now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
